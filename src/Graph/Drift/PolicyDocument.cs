using System.Text.Json.Nodes;

namespace McpInfra.Graph.Drift;

/// <summary>Policies as both sides may write them: in any order, one of a list without its list.</summary>
internal static class PolicyDocument
{
    /// <summary>Each statement in one form, and whatever else the document says.</summary>
    public static IEnumerable<string> Statements(JsonNode document) => document is JsonObject policy
        ? Items(policy["Statement"]).Select(Plain).Concat(policy.Where(member => member.Key != "Statement").Select(member => $"{member.Key} {Plain(member.Value)}"))
        : [Plain(document)];

    private static IEnumerable<JsonNode?> Items(JsonNode? value) => value as IEnumerable<JsonNode?> ?? Enumerable.Repeat(value, value is null ? 0 : 1);

    private static string Plain(JsonNode? value) => value switch
    {
        null => "null",
        JsonArray { Count: 1 } one => Plain(one[0]),
        JsonArray list => $"[{string.Join(", ", list.Select(Plain).Order(StringComparer.Ordinal))}]",
        JsonObject members => $"{{{string.Join(", ", members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => $"{member.Key}: {Plain(member.Value)}"))}}}",
        _ => value.ToString(),
    };
}
