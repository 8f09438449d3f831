using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;

namespace McpInfra.Host.Edge;

/// <summary>
/// The text of an answer as JSON, copied from escape to escape: the serializer looks at each character by itself behind the first that it escapes,
/// and every text has line ends. Escapes what JSON demands and nothing more.
/// </summary>
/// <param name="Text">The text.</param>
internal sealed record AnswerText(string Text)
{
    private const int LongestEscape = 6;
    private static readonly SearchValues<char> Escaped = SearchValues.Create([.. Enumerable.Range(0, ' ').Select(code => (char)code), '"', '\\', '\u007f']);
    private static readonly JsonTypeInfo<AnswerText> Shape = JsonMetadataServices.CreateValueInfo<AnswerText>(McpJsonUtilities.DefaultOptions, new Converter());

    /// <summary>The text as a value.</summary>
    public static JsonNode Of(string text) => JsonValue.Create(new AnswerText(text), Shape)!;

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

    private sealed class Converter : JsonConverter<AnswerText>
    {
        public override AnswerText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, AnswerText value, JsonSerializerOptions options)
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
