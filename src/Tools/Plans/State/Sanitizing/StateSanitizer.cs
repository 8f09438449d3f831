using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Guardrails.Redaction;

namespace McpInfra.Tools.Plans.State;

/// <summary>
/// Makes the copy of a state that may enter the sandbox: what the provider's schema or the state itself marks as sensitive, what is named or shaped like a secret,
/// and every other occurrence of such a value, become keyed tokens. Instances are read one after the other, so that memory stays near the state's size.
/// </summary>
public sealed class StateSanitizer
{
    private const int MostMasked = 500_000;
    private const string RemoteState = "terraform_remote_state";

    private readonly SensitiveSchema schema;
    private readonly HashSet<MaskedValue> masked = [];
    private readonly KnownSecrets known = new();
    private readonly Originals originals = new();
    private readonly SecretText text;
    private readonly InstanceSanitizer instances;

    private StateSanitizer(SecretTokens tokens, SensitiveSchema schema)
    {
        this.schema = schema;
        text = new SecretText(tokens, known, originals);
        instances = new InstanceSanitizer(text, known, Masked);
    }

    /// <summary>The sanitised copy.</summary>
    /// <param name="state">The state.</param>
    /// <param name="tokens">The organisation's tokens.</param>
    /// <param name="schema">What the providers' schemas mark; null for nothing.</param>
    /// <exception cref="StateException">The state's form is unknown, or it holds more than is read.</exception>
    public static SanitizedState Sanitize(StackState state, SecretTokens tokens, SensitiveSchema? schema = null)
    {
        if (state.Bytes is null)
        {
            return SanitizedState.Empty;
        }

        try
        {
            var sanitizer = new StateSanitizer(tokens, schema ?? SensitiveSchema.None);
            var copy = sanitizer.Copy(state.Bytes);
            return new SanitizedState(copy, sanitizer.masked) { Originals = sanitizer.originals, Known = sanitizer.known };
        }
        catch (Exception exception) when (exception is InvalidOperationException or JsonException or FormatException or NullReferenceException or ArgumentException or KeyNotFoundException)
        {
            throw new StateException("The stack's state has a form that this version does not know, so its secrets cannot be kept out. Plan it with a newer mcp-infra.", exception);
        }
    }

    // Twice: what the first pass finds anywhere, the second replaces everywhere.
    private byte[] Copy(byte[] state)
    {
        using (var nowhere = new Utf8JsonWriter(Stream.Null))
        {
            Write(nowhere, state);
        }

        text.SeenOnce();
        using var copy = new MemoryStream(state.Length);
        using (var writer = new Utf8JsonWriter(copy))
        {
            Write(writer, state);
        }

        return copy.Length == copy.Capacity ? copy.GetBuffer() : copy.ToArray();
    }

    private void Write(Utf8JsonWriter writer, ReadOnlyMemory<byte> state)
    {
        var root = JsonSlices.Fields(state);
        writer.WriteStartObject();
        foreach (var name in new[] { "version", "terraform_version", "serial", "lineage" })
        {
            if (root.TryGetValue(name, out var value))
            {
                writer.WritePropertyName(name);
                writer.WriteRawValue(value.Span);
            }
        }

        writer.WritePropertyName("outputs");
        (root.TryGetValue("outputs", out var outputs) && JsonNode.Parse(outputs.Span) is JsonObject named ? Outputs(named) : []).WriteTo(writer);
        writer.WriteStartArray("resources");
        foreach (var resource in root.TryGetValue("resources", out var resources) && !IsNull(resources) ? JsonSlices.Items(resources) : [])
        {
            Resource(writer, JsonSlices.Fields(resource));
            writer.Flush();
        }

        writer.WriteEndArray();
        writer.WriteEndObject(); // The results of checks are left out: messages of conditions, with values in them.
    }

    private JsonObject Outputs(JsonObject outputs)
    {
        var values = new ValueSanitizer(text, known, (path, value) => Masked(new MaskedValue("output", path), value));
        foreach (var (name, output) in outputs)
        {
            var fields = output!.AsObject();
            var (before, after) = (fields["value"], values.Clean(fields["value"], new Place(name, name, null, fields["sensitive"]?.GetValue<bool>() ?? false)));
            if (!ReferenceEquals(before, after))
            {
                fields["value"] = after;
            }

            if (fields["type"] is { } type && values.Keys(type) is { } renamed)
            {
                fields["type"] = renamed;
            }
        }

        return outputs;
    }

    private void Resource(Utf8JsonWriter writer, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> fields)
    {
        var (type, provider) = (Text(fields, "type"), Text(fields, "provider"));
        var isData = Text(fields, "mode") == "data";
        if (isData && type == RemoteState)
        {
            return; // Another state's outputs, of which this one does not know the sensitive ones; the plan reads them again.
        }

        var resource = new StateResource(Text(fields, "module"), isData, type, Text(fields, "name"), schema.Of(StateAddress.Provider(provider), isData, type));
        writer.WriteStartObject();
        foreach (var (name, value) in new[] { ("module", text.Clean("", resource.Module)), ("mode", Text(fields, "mode")), ("type", type), ("name", resource.Name), ("each", Text(fields, "each")), ("provider", provider) })
        {
            if (value.Length > 0)
            {
                writer.WriteString(name, value);
            }
        }

        writer.WriteStartArray("instances");
        foreach (var instance in fields.TryGetValue("instances", out var held) && !IsNull(held) ? JsonSlices.Items(held) : [])
        {
            instances.Clean(instance, resource).WriteTo(writer);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void Masked(MaskedValue at, JsonNode value)
    {
        masked.Add(at);
        if (masked.Count > MostMasked)
        {
            throw new StateException($"The stack's state holds more than {MostMasked} secret values, which is more than are replaced. Split the stack, so that each part keeps a state of its own.");
        }

        if (value.GetValueKind() is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
        {
            originals.Add(at, value);
        }
    }

    private static string Text(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> fields, string name) =>
        fields.TryGetValue(name, out var value) && !IsNull(value) ? JsonSerializer.Deserialize<string>(value.Span)! : "";

    private static bool IsNull(ReadOnlyMemory<byte> json) => json.Span.SequenceEqual("null"u8);
}
