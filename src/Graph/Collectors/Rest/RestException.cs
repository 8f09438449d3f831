using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace McpInfra.Graph.Collectors.Rest;

/// <summary>What kept a service from answering, by error code and HTTP status; never with a word of what the service wrote.</summary>
internal sealed partial class RestException(CloudFault fault, string code, Exception? inner = null) : CloudException(fault, code, inner)
{
    private static readonly string[] CodeNames = ["status", "code", "reason"];

    private string? said;

    /// <summary>The fault of an error answer.</summary>
    /// <param name="status">HTTP status.</param>
    /// <param name="body">The answer; anything.</param>
    public static RestException Answered(int status, ReadOnlyMemory<byte> body) =>
        new(FaultOf(status), CodeOf(body) is { } code ? $"HTTP {status} {code}" : $"HTTP {status}") { said = Encoding.UTF8.GetString(body.Span) };

    /// <summary>Whether the service's own words hold these; the words themselves go no further.</summary>
    public bool Mentions(string words) => said?.Contains(words, StringComparison.OrdinalIgnoreCase) is true;

    /// <summary>The same, to be thrown anew.</summary>
    public RestException Again() => new(Fault, Code) { said = said };

    /// <summary>The fault behind an exception of our client; null for any other.</summary>
    public static RestException? Of(Exception error) => error switch
    {
        RestException ours => ours,
        EndlessListingException endless => new RestException(CloudFault.Endless, endless.Message, endless),
        JsonException => new RestException(CloudFault.Garbage, "an answer that cannot be parsed", error),
        HttpRequestException or IOException => new RestException(CloudFault.Unreachable, "no answer", error),
        _ => null,
    };

    private static CloudFault FaultOf(int status) => status switch
    {
        401 => CloudFault.Credentials,
        403 => CloudFault.Denied,
        404 => CloudFault.Missing,
        408 or 429 => CloudFault.Throttled,
        410 => CloudFault.Expired,
        >= 500 => CloudFault.Unavailable,
        _ => CloudFault.Other,
    };

    private static string? CodeOf(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var error = document.RootElement.Child("error") ?? document.RootElement;
            return CodeNames.Select(name => error.Text(name)).FirstOrDefault(code => code is not null && CodeForm().IsMatch(code));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^[A-Z][A-Za-z_]{2,63}\z")]
    private static partial Regex CodeForm();
}
