using System.Text.Json.Nodes;

namespace McpInfra.Guardrails.Spotlight;

/// <summary>The strings of a JSON value, keys included.</summary>
internal static class JsonStrings
{
    /// <summary>The node with each string and key replaced; changes it in place. A key that becomes one already there gets a number.</summary>
    public static JsonNode? Map(JsonNode? node, Func<string, string> replace)
    {
        switch (node)
        {
            case JsonObject fields:
                return Fields(fields, replace);
            case JsonArray items:
                for (var index = 0; index < items.Count; index++)
                {
                    var mapped = Map(items[index], replace);
                    if (!ReferenceEquals(mapped, items[index]))
                    {
                        items[index] = mapped;
                    }
                }

                return items;
            case JsonValue value when value.TryGetValue<string>(out var text):
                var replaced = replace(text);
                return ReferenceEquals(replaced, text) ? node : JsonValue.Create(replaced);
            default:
                return node;
        }
    }

    private static JsonObject Fields(JsonObject fields, Func<string, string> replace)
    {
        var renamed = fields.Any(field => !ReferenceEquals(replace(field.Key), field.Key));
        var mapped = renamed ? [] : fields;
        foreach (var (name, value) in fields.ToArray())
        {
            var shown = Map(value, replace);
            if (renamed)
            {
                fields.Remove(name);
                mapped[Free(mapped, replace(name))] = shown;
            }
            else if (!ReferenceEquals(shown, value))
            {
                fields[name] = shown;
            }
        }

        return mapped;
    }

    /// <summary>Every string and key, in order.</summary>
    public static IEnumerable<string> All(JsonNode? node) => node switch
    {
        JsonObject fields => fields.SelectMany(field => All(field.Value).Prepend(field.Key)),
        JsonArray items => items.SelectMany(All),
        JsonValue value when value.TryGetValue<string>(out var text) => [text],
        _ => [],
    };

    /// <summary>The name, or the name with the first number that no field has.</summary>
    public static string Free(JsonObject fields, string name)
    {
        var free = name;
        for (var number = 2; fields.ContainsKey(free); number++)
        {
            free = $"{name} {number}";
        }

        return free;
    }
}
