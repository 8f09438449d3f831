using System.Text.Json;
using System.Text.Json.Nodes;

namespace McpInfra.Tools.Plans.Facts;

/// <summary>Which values of an attribute count.</summary>
/// <param name="Word">open, grants, anyone, set, always, or `is`, `not` or `contains` with <paramref name="Values"/>.</param>
/// <param name="Values">For these three, in lower case.</param>
internal sealed record FactTest(string Word, IReadOnlyList<string> Values)
{
    /// <summary>Whether it reads a policy document, of which each grant counts by itself.</summary>
    public bool ReadsDocument => Word is "grants" or "anyone";

    /// <summary>Whether the value counts; a missing one never does but for `not` and `always`.</summary>
    public bool Passes(JsonNode? value) => Word switch
    {
        "always" => true,
        "set" => value is not null && !(value is JsonArray { Count: 0 } or JsonObject { Count: 0 }) && Text(value).Length > 0,
        "open" => value is not null && OpenAddress.Is(Text(value)),
        "is" => value is not null && Values.Contains(Text(value).ToLowerInvariant()),
        "contains" => value is not null && Values.Any(part => Text(value).Contains(part, StringComparison.OrdinalIgnoreCase)),
        "not" => !Values.Contains(value is null ? "" : Text(value).ToLowerInvariant()),
        _ => false,
    };

    private static string Text(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.String => value.GetValue<string>().Trim(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => value.ToJsonString(),
    };
}
