using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace McpInfra.Graph.Collectors.Rest;

/// <summary>What kept a service from answering, by error code and HTTP status; never with a word of what the service wrote.</summary>
internal sealed partial class RestException(RestFault fault, string code, Exception? inner = null) : Exception($"{fault} {code}", inner)
{
    private static readonly string[] CodeNames = ["status", "code", "reason"];

    private string? said;

    public RestFault Fault { get; } = fault;

    /// <summary>The service's error code, or our own words.</summary>
    public string Code { get; } = code;

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
        EndlessListingException endless => new RestException(RestFault.Endless, endless.Message, endless),
        JsonException => new RestException(RestFault.Garbage, "an answer that cannot be parsed", error),
        HttpRequestException or IOException => new RestException(RestFault.Unreachable, "no answer", error),
        _ => null,
    };

    private static RestFault FaultOf(int status) => status switch
    {
        401 => RestFault.Credentials,
        403 => RestFault.Denied,
        404 => RestFault.Missing,
        408 or 429 => RestFault.Throttled,
        410 => RestFault.Expired,
        >= 500 => RestFault.Unavailable,
        _ => RestFault.Other,
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
