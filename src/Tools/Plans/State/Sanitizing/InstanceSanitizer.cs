using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace McpInfra.Tools.Plans.State;

/// <summary>Makes the copy of one instance: only what the engine reads of it, without its secrets.</summary>
internal sealed class InstanceSanitizer(SecretText text, KnownSecrets known, Action<MaskedValue, JsonNode> masked)
{
    private const int MostBytes = 32 << 20;
    private static readonly string[] Attributes = ["attributes", "attributes_flat", "identity"];

    // Those of the engine's own state format; whatever else a file holds is left out.
    private static readonly HashSet<string> Kept =
    [
        "index_key", "status", "deposed", "schema_version", "attributes", "attributes_flat", "sensitive_attributes", "identity_schema_version", "identity", "private", "dependencies", "create_before_destroy",
    ];

    /// <summary>The copy.</summary>
    public JsonObject Clean(ReadOnlyMemory<byte> json, StateResource resource)
    {
        if (json.Length > MostBytes)
        {
            throw new StateException($"One resource of the stack's state is larger than {MostBytes >> 20} MB, which is more than is read at once. Keep such content in an object, not in the state.");
        }

        var instance = JsonNode.Parse(json.Span, documentOptions: new JsonDocumentOptions { MaxDepth = 256, AllowDuplicateProperties = false })!.AsObject();
        foreach (var name in instance.Select(field => field.Key).Where(name => !Kept.Contains(name)).ToList())
        {
            instance.Remove(name);
        }

        var address = StateAddress.Of(resource, instance);
        var values = new ValueSanitizer(text, known, (path, value) => masked(new MaskedValue(address, path), value));
        foreach (var part in Attributes)
        {
            if (instance[part] is JsonObject attributes)
            {
                foreach (var path in instance["sensitive_attributes"] as JsonArray ?? [])
                {
                    SensitivePaths.Mark(attributes, path!.AsArray(), values);
                }

                Clean(attributes, part, resource.Schema, values);
            }
        }

        Key(instance);
        Private(instance);
        return instance;
    }

    private static void Clean(JsonObject attributes, string part, SensitiveNode? schema, ValueSanitizer values)
    {
        if (part != "attributes_flat")
        {
            values.Clean(attributes, new Place("", "", schema, IsSensitive: false));
            return;
        }

        // The oldest form: every value by its whole path, with the numbers of lists and hashes of sets in it.
        foreach (var (path, value) in attributes.ToArray())
        {
            var at = path.Split('.').Where(name => !name.All(char.IsAsciiDigit)).Aggregate(new Place("", "", schema, IsSensitive: false), (place, name) => place.Within(name));
            if (values.Clean(value, at) is var clean && !ReferenceEquals(clean, value))
            {
                attributes[path] = clean;
            }
        }
    }

    private void Key(JsonObject instance)
    {
        if (instance["index_key"] is JsonValue key && key.GetValueKind() is JsonValueKind.String && key.GetValue<string>() is var before && text.Clean("", before) is var clean && !ReferenceEquals(before, clean))
        {
            instance["index_key"] = clean;
        }
    }

    // The provider's own bytes: kept only when nothing in them looks like a secret.
    private void Private(JsonObject instance)
    {
        if (instance["private"] is JsonValue value && !IsHarmless(value.GetValue<string>()))
        {
            instance.Remove("private");
        }
    }

    private bool IsHarmless(string encoded)
    {
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length))
        {
            return false;
        }

        var inner = Encoding.UTF8.GetString(bytes, 0, length);
        return ReferenceEquals(text.Clean("", inner), inner);
    }
}
