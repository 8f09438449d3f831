using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Spotlight;
using ModelContextProtocol;

namespace McpInfra.Host.Edge.Stdio;

/// <summary>
/// The text of an answer as JSON, copied from piece to piece and from escape to escape: the serializer wants it whole, and looks at each character by itself
/// behind the first that it escapes, and every text has line ends. Escapes what JSON demands and nothing more.
/// </summary>
/// <param name="pieces">The text.</param>
internal sealed class LongText(IReadOnlyList<ReadOnlyMemory<char>> pieces)
{
    private const int LongestEscape = 6;
    private static readonly SearchValues<char> Escaped = SearchValues.Create([.. Enumerable.Range(0, ' ').Select(code => (char)code), '"', '\\', '\u007f']);
    private static readonly JsonTypeInfo<LongText> Shape = JsonMetadataServices.CreateValueInfo<LongText>(McpJsonUtilities.DefaultOptions, new Converter());

    /// <summary>An answer's text as a JSON value.</summary>
    public static JsonValue Of(Answer answer) => JsonValue.Create(new LongText(Rendering.Pieces(answer)), Shape)!;

    private void Write(Utf8JsonWriter writer)
    {
        var rented = ArrayPool<byte>.Shared.Rent((pieces.Sum(piece => piece.Length) * LongestEscape) + 2);
        try
        {
            rented[0] = (byte)'"';
            var written = 1;
            foreach (var piece in pieces)
            {
                written += Write(piece.Span, rented.AsSpan(written));
            }

            rented[written++] = (byte)'"';
            writer.WriteRawValue(rented.AsSpan(0, written), skipInputValidation: true);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static int Write(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        var written = 0;
        while (true)
        {
            var plain = text.IndexOfAny(Escaped) is >= 0 and var found ? found : text.Length;
            written += Encoding.UTF8.GetBytes(text[..plain], bytes[written..]);
            if (plain == text.Length)
            {
                return written;
            }

            written += Escape(text[plain], bytes[written..]);
            text = text[(plain + 1)..];
        }
    }

    private static int Escape(char letter, Span<byte> bytes)
    {
        var mark = letter switch { '"' or '\\' => letter, '\n' => 'n', '\t' => 't', '\r' => 'r', _ => 'u' };
        (bytes[0], bytes[1]) = ((byte)'\\', (byte)mark);
        return mark == 'u' ? 2 + Encoding.ASCII.GetBytes(((int)letter).ToString("x4", System.Globalization.CultureInfo.InvariantCulture), bytes[2..]) : 2;
    }

    private sealed class Converter : JsonConverter<LongText>
    {
        public override LongText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new([reader.GetString().AsMemory()]);

        public override void Write(Utf8JsonWriter writer, LongText value, JsonSerializerOptions options) => value.Write(writer);
    }
}
