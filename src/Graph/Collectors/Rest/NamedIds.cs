using System.Text.Json;

namespace McpInfra.Graph.Collectors.Rest;

/// <summary>Texts inside a configuration, with the member that holds each: so deep and so many at most.</summary>
internal static class NamedIds
{
    private const int MostDepth = 12;
    private const int MostText = 1024;
    private const int Most = 50_000;

    public static IEnumerable<(string Member, string Text)> Of(JsonElement? configuration) => Texts("", configuration ?? default, 0).Take(Most);

    private static IEnumerable<(string Member, string Text)> Texts(string member, JsonElement value, int depth) => depth > MostDepth ? [] : value.ValueKind switch
    {
        JsonValueKind.String when value.GetString() is { Length: > 0 and <= MostText } text => [(member, text)],
        JsonValueKind.Array => value.EnumerateArray().SelectMany(item => Texts(member, item, depth + 1)),
        // Azure names user-assigned identities by key.
        JsonValueKind.Object => value.EnumerateObject().SelectMany(inner => Texts(inner.Name, inner.Value, depth + 1).Prepend((member, inner.Name))),
        _ => [],
    };
}
