using System.Text.Json;
using System.Text.Json.Nodes;

namespace McpInfra.Tools.Plans.State;

/// <summary>Replaces the secrets of one value of a state, however deep they stand. Types stay: a sensitive number becomes 0, a truth false.</summary>
/// <param name="text">Replaces those of a text.</param>
/// <param name="known">Learns numbers, which may stand in texts too.</param>
/// <param name="masked">Told of each replacement.</param>
internal sealed class ValueSanitizer(SecretText text, KnownSecrets known, Action<string, JsonNode> masked)
{
    /// <summary>The value without its secrets; the same instance when nothing at its top was replaced.</summary>
    /// <param name="node">The value; changed within.</param>
    /// <param name="at">Where it stands.</param>
    public JsonNode? Clean(JsonNode? node, Place at)
    {
        switch (node)
        {
            case JsonObject wrapper when DynamicValue.Is(wrapper):
                Replace(wrapper, "value", Clean(wrapper["value"], at));
                if (wrapper["type"] is JsonArray type && Keys(type) is { } renamed)
                {
                    wrapper["type"] = renamed;
                }

                return wrapper;
            case JsonObject fields:
                Fields(fields, at);
                return fields;
            case JsonArray items:
                for (var index = 0; index < items.Count; index++)
                {
                    var (value, clean) = (items[index], Clean(items[index], at.Item(index)));
                    if (!ReferenceEquals(clean, value))
                    {
                        items[index] = clean;
                    }
                }

                return items;
            case JsonValue value:
                return Leaf(value, at);
            default:
                return node;
        }
    }

    private void Fields(JsonObject fields, Place at)
    {
        foreach (var (key, value) in fields.ToArray())
        {
            var (name, clean) = (at.IsTop ? key : Key(key), Clean(value, at.Within(key)));
            if (!ReferenceEquals(name, key))
            {
                masked(at.Within(key).Path, key);
                fields.Remove(key);
                fields[Free(fields, name)] = clean;
            }
            else if (!ReferenceEquals(clean, value))
            {
                fields[key] = clean;
            }
        }
    }

    private JsonValue Leaf(JsonValue value, Place at)
    {
        switch (value.GetValueKind())
        {
            case JsonValueKind.String:
                var before = value.GetValue<string>();
                var clean = at.IsSensitive && before.Length > 0 && !Guardrails.Redaction.SecretTokens.IsToken(before) ? text.Token(before) : text.Clean(at.Name, before);
                if (ReferenceEquals(clean, before))
                {
                    return value;
                }

                masked(at.Path, value);
                return JsonValue.Create(clean);
            case JsonValueKind.Number when at.IsSensitive:
                known.Learn(value.ToJsonString());
                masked(at.Path, value);
                return JsonValue.Create(0); // A token is text, and the engine wants the type that its schema says.
            case JsonValueKind.True or JsonValueKind.False when at.IsSensitive:
                masked(at.Path, value);
                return JsonValue.Create(false);
            default:
                return value;
        }
    }

    /// <summary>A type with the names of its attributes replaced as those of its value are; null when none is.</summary>
    public JsonNode? Keys(JsonNode type)
    {
        var changed = false;
        var renamed = Rename(type);
        return changed ? renamed : null;

        JsonNode? Rename(JsonNode? node) => node switch
        {
            JsonArray items => new JsonArray([.. items.Select(Rename)]),
            JsonObject fields => new JsonObject(fields.Select(field => KeyValuePair.Create(Changed(field.Key), Rename(field.Value)))),
            _ => node?.DeepClone(),
        };

        string Changed(string key)
        {
            var name = Key(key);
            changed |= !ReferenceEquals(name, key);
            return name;
        }
    }

    /// <summary>A key without its secrets. A name of plain words is a schema's, and the engine must know it again.</summary>
    public string Key(string key) => key.AsSpan().ContainsAnyExcept(Words) ? text.Clean("", key) : key;

    private static readonly System.Buffers.SearchValues<char> Words = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz_");

    private static void Replace(JsonObject fields, string key, JsonNode? after)
    {
        if (!ReferenceEquals(fields[key], after))
        {
            fields[key] = after;
        }
    }

    private static string Free(JsonObject fields, string name)
    {
        var free = name;
        for (var number = 2; fields.ContainsKey(free); number++)
        {
            free = $"{name} {number}";
        }

        return free;
    }
}

/// <summary>Where a value stands in an instance.</summary>
/// <param name="Path">Names and indexes with `.` between them; empty at the top.</param>
/// <param name="Name">The last name.</param>
/// <param name="Schema">What the provider's schema says of it; null for nothing.</param>
/// <param name="IsSensitive">Whether all of it is.</param>
internal readonly record struct Place(string Path, string Name, SensitiveNode? Schema, bool IsSensitive)
{
    /// <summary>Whether it is the instance's attributes as a whole.</summary>
    public bool IsTop => Path.Length == 0;

    /// <summary>A field of it.</summary>
    public Place Within(string key)
    {
        var schema = Schema?.In(key);
        return new Place(IsTop ? key : $"{Path}.{key}", key, schema, IsSensitive || schema is { IsSensitive: true });
    }

    /// <summary>An item of it.</summary>
    public Place Item(int index) => this with { Path = $"{Path}.{index}" };
}
