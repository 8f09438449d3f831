using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Guardrails.Spotlight;

namespace McpInfra.Guardrails.Redaction;

/// <summary>Replaces every secret in text and JSON by its token. What is redacted stays the same when redacted again.</summary>
/// <param name="tokens">The organisation's tokens.</param>
public sealed class Redactor(SecretTokens tokens)
{
    // A mask can bring two pieces of text together; a scan that still finds something after this many passes has met a text made to do so.
    private const int MostPasses = 4;

    private const int MostTokens = 1000;
    private static readonly string[] Names = ["name", "key", "Name", "Key", "ParameterKey", "parameter", "variable"];
    private static readonly string[] Values = ["value", "val", "Value", "ParameterValue", "stringValue", "content", "default"];

    /// <summary>The text with its secrets masked; the same instance when it has none.</summary>
    public string Text(string text) => Masked(text, int.MaxValue);

    /// <summary>The same in bounded time, for what is shown: a longer text ends before the middle of what is read, and what follows the thousandth secret is masked as one.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="most">How much is read; the result is no longer, so that it stays as it is when it comes here again.</param>
    public string Beginning(string text, int most)
    {
        if (text.Length <= most)
        {
            return Masked(text, MostTokens);
        }

        var end = most / 2;
        foreach (var span in SecretScanner.Find(text[..most]))
        {
            end = span.Start < end && span.End > end ? span.Start : end;
        }

        return Masked(text[..end], MostTokens);
    }

    private string Masked(string text, int most)
    {
        for (var pass = 0; pass < MostPasses; pass++)
        {
            var found = SecretScanner.Find(text);
            if (found.Count == 0)
            {
                return text;
            }

            text = Mask(text, found, most);
        }

        return text;
    }

    /// <summary>The JSON with every secret in a string or a key masked, values under keys named as secrets too; null for an undefined element.</summary>
    public JsonNode? Json(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => null,
        _ => Json(JsonNode.Parse(element.GetRawText())),
    };

    /// <summary>The same for a node; nodes without a secret may be returned as they are, so the caller gives its node away.</summary>
    public JsonNode? Json(JsonNode? node) => Under(null, node);

    private JsonNode? Under(string? name, JsonNode? node) => node switch
    {
        JsonObject fields => Fields(fields),
        JsonArray items => Items(name, items),
        JsonValue value when value.TryGetValue<string>(out var text) => Value(name, text) is var masked && ReferenceEquals(masked, text) ? node : JsonValue.Create(masked),
        _ => node,
    };

    private JsonObject Fields(JsonObject fields)
    {
        var named = Named(fields);
        var manifest = fields["kind"] is JsonValue kind && kind.TryGetValue<string>(out var held) ? held : null;
        var renamed = fields.Any(field => !ReferenceEquals(Text(field.Key), field.Key));
        var masked = renamed ? [] : fields;
        foreach (var (name, value) in fields.ToArray())
        {
            var shown = value is JsonObject entries && KubernetesSecret.Holds(manifest, name) ? Entries(entries) : Under(Values.Contains(name) ? named ?? name : name, value);
            if (renamed)
            {
                fields.Remove(name);
                masked[JsonStrings.Free(masked, Text(name))] = shown;
            }
            else if (!ReferenceEquals(shown, value))
            {
                fields[name] = shown;
            }
        }

        return masked;
    }

    private JsonObject Entries(JsonObject entries)
    {
        foreach (var (key, value) in entries.ToArray())
        {
            entries[key] = value is JsonValue entry && entry.TryGetValue<string>(out var text) && KubernetesSecret.Hides(key, text) ? tokens.Token(KubernetesSecret.Kind, text) : Under(key, value?.DeepClone());
        }

        return entries;
    }

    // {"name": "DB_PASSWORD", "value": "x"}
    private static string? Named(JsonObject fields)
    {
        foreach (var name in Names)
        {
            if (fields[name] is JsonValue value && value.TryGetValue<string>(out var text))
            {
                return text;
            }
        }

        return null;
    }

    private JsonArray Items(string? name, JsonArray items)
    {
        for (var index = 0; index < items.Count; index++)
        {
            var masked = Under(name, items[index]);
            if (!ReferenceEquals(masked, items[index]))
            {
                items[index] = masked;
            }
        }

        return items;
    }

    // A mask may take away what spoke against the whole, as an ending of documentation does.
    private string Value(string? name, string text)
    {
        var kind = name is null ? null : SecretNames.KindOf(name);
        if (kind is not null && IsSecret(text, kind))
        {
            return tokens.Token(kind.Name, text);
        }

        var masked = Text(text);
        return kind is not null && !ReferenceEquals(masked, text) && IsSecret(masked, kind) ? tokens.Token(kind.Name, text) : masked;
    }

    private static bool IsSecret(string text, SecretKind kind) => SecretValues.IsSecret(Visible.Of(text), kind, quoted: true);

    private string Mask(string text, IReadOnlyList<SecretSpan> found, int most)
    {
        var masked = new StringBuilder(text.Length);
        var from = 0;
        foreach (var (number, span) in found.Index())
        {
            if (number == most)
            {
                return masked.Append(text, from, span.Start - from).Append(tokens.Token("rest", text[span.Start..])).ToString();
            }

            masked.Append(text, from, span.Start - from).Append(tokens.Token(span.Kind, text[span.Start..span.End]));
            from = span.End;
        }

        return masked.Append(text, from, text.Length - from).ToString();
    }
}
