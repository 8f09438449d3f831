using System.Text.Json.Nodes;

namespace McpInfra.Graph.Collectors;

/// <summary>Builds a resource's configuration: what is absent is left out, lists are sorted, so that the same facts hash the same.</summary>
internal static class Facts
{
    public static JsonObject Of(params ReadOnlySpan<(string Name, JsonNode? Value)> facts)
    {
        var read = new JsonObject();
        foreach (var (name, value) in facts)
        {
            if (value is not null and not JsonArray { Count: 0 } and not JsonObject { Count: 0 } && !(value is JsonValue scalar && scalar.TryGetValue(out string? text) && text.Length == 0))
            {
                read[name] = value;
            }
        }

        return read;
    }

    public static JsonArray List(IEnumerable<string?>? values) =>
        [.. (values ?? []).OfType<string>().Order(StringComparer.Ordinal).Select(v => JsonValue.Create(v))];
}
