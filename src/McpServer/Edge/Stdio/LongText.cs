using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace McpInfra.Host.Edge.Stdio;

/// <summary>
/// The text of a tool's answer as JSON, copied from escape to escape: the serializer looks at each character by itself behind the first that it escapes,
/// and every text has line ends. Escapes what JSON demands and nothing more.
/// </summary>
/// <param name="Text">The text.</param>
internal sealed record LongText(string Text)
{
    private const int LongestEscape = 6;
    private static readonly SearchValues<char> Escaped = SearchValues.Create([.. Enumerable.Range(0, ' ').Select(code => (char)code), '"', '\\', '\u007f']);
    private static readonly JsonTypeInfo<LongText> Shape = JsonMetadataServices.CreateValueInfo<LongText>(McpJsonUtilities.DefaultOptions, new Converter());

    /// <summary>Has the texts of a tool's answer written so.</summary>
    public static void Within(JsonRpcMessage message)
    {
        if (message is not JsonRpcResponse { Result: JsonObject result } || result["content"] is not JsonArray content)
        {
            return;
        }

        foreach (var block in content.OfType<JsonObject>())
        {
            if (block["text"] is JsonValue value && value.TryGetValue<string>(out var text))
            {
                block["text"] = JsonValue.Create(new LongText(text), Shape);
            }
        }
    }

    private int Write(Span<byte> bytes)
    {
        bytes[0] = (byte)'"';
        var written = 1;
        for (var rest = Text.AsSpan(); !rest.IsEmpty;)
        {
            var plain = rest.IndexOfAny(Escaped) is >= 0 and var found ? found : rest.Length;
            written += Encoding.UTF8.GetBytes(rest[..plain], bytes[written..]);
            if (plain == rest.Length)
            {
                break;
            }

            written += Escape(rest[plain], bytes[written..]);
            rest = rest[(plain + 1)..];
        }

        bytes[written] = (byte)'"';
        return written + 1;
    }

    private static int Escape(char letter, Span<byte> bytes)
    {
        var mark = letter switch { '"' or '\\' => letter, '\n' => 'n', '\t' => 't', '\r' => 'r', _ => 'u' };
        (bytes[0], bytes[1]) = ((byte)'\\', (byte)mark);
        return mark == 'u' ? 2 + Encoding.ASCII.GetBytes(((int)letter).ToString("x4", System.Globalization.CultureInfo.InvariantCulture), bytes[2..]) : 2;
    }

    private sealed class Converter : JsonConverter<LongText>
    {
        public override LongText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, LongText value, JsonSerializerOptions options)
        {
            var bytes = ArrayPool<byte>.Shared.Rent((value.Text.Length * LongestEscape) + 2);
            try
            {
                writer.WriteRawValue(bytes.AsSpan(0, value.Write(bytes)), skipInputValidation: true);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(bytes);
            }
        }
    }
}
