using System.Text.Json;
using McpInfra.Guardrails.Credentials;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Cloud.Bearer;

/// <summary>What gates of clouds with bearer tokens do alike: replace the dummy, and hand on only fields that say nothing of who asks or how.</summary>
internal static class Bearers
{
    private static readonly HashSet<string> Kept = new(StringComparer.OrdinalIgnoreCase) { "Accept", "Accept-Language", "Content-Type", "If-None-Match", "If-Match", "User-Agent", "x-ms-client-request-id", "x-goog-api-client" };

    /// <summary>The request as it goes out: the same read with the real token.</summary>
    public static async ValueTask<ForwardedRequest> WithRealAsync(
        GateRequest request, ReadOnlyMemory<byte> body, Func<CancellationToken, ValueTask<Credential>> credential, Func<byte[], byte[]> clean, CancellationToken stop)
    {
        var real = await credential(stop);
        List<HttpField> fields = [.. request.Fields.Where(field => Kept.Contains(field.Name)), new("Authorization", "Bearer " + real.Reveal())];
        return new ForwardedRequest(request.Method, request.Target, fields, body) { Rewrite = clean };
    }

    /// <summary>An answer in JSON.</summary>
    public static GateReply Json(int status, object answer) => new(status, "application/json; charset=utf-8", JsonSerializer.SerializeToUtf8Bytes(answer));

    /// <summary>Our words as they may stand in an answer to a run.</summary>
    public static string Ascii(string text) => new([.. text.Where(letter => letter is >= ' ' and <= '~').Take(300)]);

    /// <summary>A form's fields, each at most once; null for anything else.</summary>
    public static IReadOnlyDictionary<string, string>? Form(byte[] body)
    {
        var read = RequestPath.Read("/?" + System.Text.Encoding.Latin1.GetString(body));
        return read is null || read.Query.Select(pair => pair.Name).Distinct().Count() != read.Query.Count ? null : read.Query.ToDictionary(pair => pair.Name, pair => pair.Value);
    }
}
