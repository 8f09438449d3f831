using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Guardrails.Redaction;

namespace McpInfra.Tools.Plans.State;

/// <summary>
/// Makes the copy of a state that may enter the sandbox: what the state marks as sensitive, what is named or shaped like a secret, and every other occurrence of such a value, become keyed tokens.
/// </summary>
public sealed class StateSanitizer
{
    private const int LeastKnown = 6;
    private const int MostKnown = 2000;
    private const string Kind = "state";

    private readonly SecretTokens tokens;
    private readonly Redactor redactor;
    private readonly HashSet<MaskedValue> masked = [];
    private readonly HashSet<string> known = new(StringComparer.Ordinal);
    private SearchValues<string> anyKnown = SearchValues.Create([], StringComparison.Ordinal);
    private string[] longestFirst = [];
    private string address = "";

    private StateSanitizer(SecretTokens tokens) => (this.tokens, redactor) = (tokens, new Redactor(tokens));

    /// <summary>The sanitised copy.</summary>
    /// <exception cref="StateException">The state's form is unknown.</exception>
    public static SanitizedState Sanitize(StackState state, SecretTokens tokens)
    {
        if (state.Bytes is null)
        {
            return SanitizedState.Empty;
        }

        try
        {
            var root = JsonNode.Parse(state.Bytes, documentOptions: new JsonDocumentOptions { MaxDepth = 256 })!.AsObject();
            var sanitizer = new StateSanitizer(tokens);

            // Twice: what the first pass finds anywhere, the second replaces everywhere.
            sanitizer.Pass(root);
            sanitizer.Learned();
            sanitizer.Pass(root);
            root.Remove("check_results"); // Messages of conditions, with values in them.
            return new SanitizedState(JsonSerializer.SerializeToUtf8Bytes(root), sanitizer.masked);
        }
        catch (Exception exception) when (exception is InvalidOperationException or JsonException or FormatException or NullReferenceException)
        {
            throw new StateException("The stack's state file has a form that this version does not know, so its secrets cannot be kept out. Plan it with a newer mcp-infra.", exception);
        }
    }

    private void Learned()
    {
        longestFirst = [.. known.Where(value => value.Length >= LeastKnown && !SecretTokens.IsToken(value)).OrderByDescending(value => value.Length).Take(MostKnown)];
        anyKnown = SearchValues.Create(longestFirst, StringComparison.Ordinal);
    }

    private void Pass(JsonObject root)
    {
        foreach (var (name, output) in root["outputs"] as JsonObject ?? [])
        {
            address = "output";
            var sensitive = output!["sensitive"]?.GetValue<bool>() ?? false;
            Replace(output.AsObject(), "value", output["value"], Clean(output["value"], name, name, sensitive));
        }

        foreach (var resource in root["resources"]?.AsArray() ?? [])
        {
            foreach (var instance in resource!["instances"]?.AsArray() ?? [])
            {
                address = Address(resource, instance!);
                Instance(instance!.AsObject());
            }
        }
    }

    private void Instance(JsonObject instance)
    {
        foreach (var part in new[] { "attributes", "attributes_flat", "identity" })
        {
            if (instance[part] is not JsonObject attributes)
            {
                continue;
            }

            foreach (var path in instance["sensitive_attributes"] as JsonArray ?? [])
            {
                Mark(attributes, path!.AsArray());
            }

            Clean(attributes, "", "", sensitive: false);
        }

        // The provider's own bytes: kept only when nothing in them looks like a secret.
        if (instance["private"]?.GetValue<string>() is { } encoded && !IsHarmless(encoded))
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

        var text = System.Text.Encoding.UTF8.GetString(bytes, 0, length);
        return redactor.Text(text) == text && text.AsSpan().IndexOfAny(anyKnown) < 0;
    }

    private void Mark(JsonObject attributes, JsonArray path)
    {
        JsonNode? parent = null, here = attributes;
        object? key = null;
        var names = new List<string>();
        foreach (var step in path)
        {
            here = Unwrapped(here);
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

        var clean = Clean(here, names.Count > 0 ? names[^1] : "", string.Join('.', names), sensitive: true);
        if (ReferenceEquals(clean, here))
        {
            return;
        }

        if (parent is JsonObject owner && key is string field)
        {
            owner[field] = clean;
        }
        else if (parent is JsonArray list && key is int place)
        {
            list[place] = clean;
        }
    }

    private JsonNode? Clean(JsonNode? node, string name, string path, bool sensitive)
    {
        switch (node)
        {
            case JsonObject wrapper when IsWrapper(wrapper):
                Replace(wrapper, "value", wrapper["value"], Clean(wrapper["value"], name, path, sensitive));
                return wrapper;
            case JsonObject fields:
                foreach (var (key, value) in fields.ToArray())
                {
                    Replace(fields, key, value, Clean(value, key, path.Length == 0 ? key : $"{path}.{key}", sensitive));
                }

                return fields;
            case JsonArray items:
                for (var index = 0; index < items.Count; index++)
                {
                    var value = items[index];
                    var clean = Clean(value, name, $"{path}.{index}", sensitive);
                    if (!ReferenceEquals(clean, value))
                    {
                        items[index] = clean;
                    }
                }

                return items;
            case JsonValue value:
                return Leaf(value, name, path, sensitive);
            default:
                return node;
        }
    }

    private static void Replace(JsonObject fields, string key, JsonNode? before, JsonNode? after)
    {
        if (!ReferenceEquals(before, after))
        {
            fields[key] = after;
        }
    }

    private JsonValue Leaf(JsonValue value, string name, string path, bool sensitive)
    {
        switch (value.GetValueKind())
        {
            case JsonValueKind.String:
                var text = value.GetValue<string>();
                var clean = sensitive && text.Length > 0 ? tokens.Token(Kind, text) : Shaped(name, text);
                if (clean == text)
                {
                    return value;
                }

                if (SecretTokens.IsToken(clean))
                {
                    known.Add(text);
                }

                masked.Add(new MaskedValue(address, path));
                return JsonValue.Create(clean);
            case JsonValueKind.Number when sensitive:
                masked.Add(new MaskedValue(address, path));
                return JsonValue.Create(0); // A token is text, and the engine wants the type that its schema says.
            case JsonValueKind.True or JsonValueKind.False when sensitive:
                masked.Add(new MaskedValue(address, path));
                return JsonValue.Create(false);
            default:
                return value;
        }
    }

    private string Shaped(string name, string text)
    {
        var clean = redactor.Json(new JsonObject { [name] = text }) is JsonObject only && only.First().Value is JsonValue value ? value.GetValue<string>() : text;
        if (clean.AsSpan().IndexOfAny(anyKnown) < 0)
        {
            return clean;
        }

        foreach (var secret in longestFirst)
        {
            clean = clean.Replace(secret, tokens.Token(Kind, secret), StringComparison.Ordinal);
        }

        return clean;
    }

    // A value of a type that only it knows is written with its type beside it; the plan shows the value alone.
    private static bool IsWrapper(JsonObject node) =>
        node.Count == 2 && node.ContainsKey("value") && node["type"] switch
        {
            JsonValue type => type.GetValueKind() is JsonValueKind.String && type.GetValue<string>() is "string" or "number" or "bool" or "dynamic",
            JsonArray { Count: 2 } type => type[0] is JsonValue kind && kind.GetValueKind() is JsonValueKind.String && kind.GetValue<string>() is "list" or "set" or "map" or "object" or "tuple",
            _ => false,
        };

    private static JsonNode? Unwrapped(JsonNode? node) => node is JsonObject wrapper && IsWrapper(wrapper) ? wrapper["value"] : node;

    private static object? Index(JsonNode step)
    {
        var value = step is JsonObject typed ? typed["value"] : step;
        return value is not JsonValue key ? null
            : key.GetValueKind() is JsonValueKind.Number ? key.GetValue<int>()
            : key.GetValue<string>();
    }

    private static string Address(JsonNode resource, JsonNode instance)
    {
        var module = resource["module"]?.GetValue<string>() is { } path ? path + "." : "";
        var data = resource["mode"]?.GetValue<string>() == "data" ? "data." : "";
        var index = instance["index_key"] switch
        {
            null => "",
            JsonValue key when key.GetValueKind() is JsonValueKind.Number => $"[{key.ToJsonString()}]",
            var key => $"[{JsonSerializer.Serialize(key.GetValue<string>(), Plain)}]",
        };
        return $"{module}{data}{resource["type"]!.GetValue<string>()}.{resource["name"]!.GetValue<string>()}{index}";
    }

    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
