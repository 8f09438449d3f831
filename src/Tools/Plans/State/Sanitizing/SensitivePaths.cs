using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace McpInfra.Tools.Plans.State;

/// <summary>Follows the paths by which a state marks its own sensitive values.</summary>
internal static class SensitivePaths
{
    /// <summary>Replaces what one path leads to.</summary>
    /// <param name="attributes">The instance's attributes.</param>
    /// <param name="path">Steps: attributes by name, items by number, entries by key.</param>
    /// <param name="values">Replaces.</param>
    public static void Mark(JsonObject attributes, JsonArray path, ValueSanitizer values)
    {
        JsonNode? parent = null, here = attributes;
        object? key = null;
        var names = new List<string>();
        foreach (var step in path)
        {
            here = DynamicValue.Unwrapped(here);
            key = step!["type"]!.GetValue<string>() == "get_attr" ? step["value"]!.GetValue<string>() : Index(step["value"]!);
            parent = here;
            names.Add(Convert.ToString(key, CultureInfo.InvariantCulture)!);
            here = (here, key) switch
            {
                (JsonObject fields, string name) => fields[name],
                (JsonArray items, int index) when index >= 0 && index < items.Count => items[index],
                _ => null,
            };
            if (here is null)
            {
                return;
            }
        }

        // A path of no steps marks the whole instance.
        var clean = values.Clean(here, new Place(string.Join('.', names), names.Count > 0 ? names[^1] : "", null, IsSensitive: true));
        if (!ReferenceEquals(clean, here))
        {
            Set(parent, key, clean);
        }
    }

    private static void Set(JsonNode? parent, object? key, JsonNode? value)
    {
        if (parent is JsonObject owner && key is string field)
        {
            owner[field] = value;
        }
        else if (parent is JsonArray list && key is int place)
        {
            list[place] = value;
        }
    }

    private static object? Index(JsonNode step)
    {
        var value = step is JsonObject typed ? typed["value"] : step;
        return value is not JsonValue key ? null
            : key.GetValueKind() is JsonValueKind.Number ? key.GetValue<int>()
            : key.GetValue<string>();
    }
}
