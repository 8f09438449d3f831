using System.Text.Json;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Cloud.Bearer;

/// <summary>What is said alike to and by clouds with bearer tokens: fields that tell nothing of who asks or how, forms, and answers in JSON.</summary>
internal static class Bearers
{
    /// <summary>Fields that go out as they came.</summary>
    public static readonly HashSet<string> Kept = new(StringComparer.OrdinalIgnoreCase) { "Accept", "Accept-Language", "Content-Type", "If-None-Match", "If-Match", "User-Agent", "x-ms-client-request-id", "x-goog-api-client" };

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
