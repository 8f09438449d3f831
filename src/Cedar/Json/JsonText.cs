using System.Text;
using System.Text.Json;

namespace McpInfra.Cedar;

/// <summary>
/// Reads JSON with places, strictly: UTF-8, no comments, no name twice in one object. The elements of a top-level array can be read one
/// by one, so that a large text is never a large tree.
/// </summary>
internal sealed class JsonText
{
    private const int MaximumDepth = 1_000;

    private readonly string name;
    private readonly ReadOnlyMemory<byte> utf8;

    public JsonText(string name, ReadOnlyMemory<byte> utf8) =>
        (this.name, this.utf8) = (name, utf8.Span.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8);

    public JsonText(string name, string text)
        : this(name, Encoding.UTF8.GetBytes(text))
    {
    }

    /// <summary>Reads the whole text and makes something of it; what is wrong with either is a fault.</summary>
    public Outcome<T> Read<T>(Func<JsonItem, T> make)
        where T : class
    {
        T? made = null;
        var faults = Run(new(), (ref Utf8JsonReader reader) =>
        {
            Step(ref reader);
            made = make(ReadItem(ref reader));
        });
        return faults.Count == 0 ? new(made!) : new(faults);
    }

    /// <summary>Hands over each element of the array that the text consists of; a fault in one does not hide those of the next.</summary>
    public List<Fault> ReadEach(string expected, Action<JsonItem> take)
    {
        var faults = new List<Fault>();
        return Run(faults, (ref Utf8JsonReader reader) =>
        {
            if (Step(ref reader) != JsonTokenType.StartArray)
            {
                throw ReadItem(ref reader).Expected(expected);
            }

            while (Step(ref reader) != JsonTokenType.EndArray)
            {
                var item = ReadItem(ref reader);
                try
                {
                    take(item);
                }
                catch (JsonFault fault)
                {
                    faults.Add(At(fault.Offset, fault.Message));
                }
            }
        });
    }

    public Fault At(int offset, string message)
    {
        var before = utf8.Span[..Math.Clamp(offset, 0, utf8.Length)];
        var line = before[(before.LastIndexOf((byte)'\n') + 1)..];
        return new(name, before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(line) + 1, message);
    }

    /// <summary>Characters before an offset in bytes.</summary>
    public int Characters(int offset) => Encoding.UTF8.GetCharCount(utf8.Span[..Math.Clamp(offset, 0, utf8.Length)]);

    private delegate void Reading(ref Utf8JsonReader reader);

    private List<Fault> Run(List<Fault> faults, Reading reading)
    {
        var reader = new Utf8JsonReader(utf8.Span, new JsonReaderOptions { MaxDepth = MaximumDepth });
        try
        {
            reading(ref reader);
            if (reader.Read())
            {
                faults.Add(At((int)reader.TokenStartIndex, "expected the end of the text"));
            }
        }
        catch (JsonFault fault)
        {
            faults.Add(At(fault.Offset, fault.Message));
        }
        catch (JsonException invalid)
        {
            faults.Add(new Fault(name, (int)(invalid.LineNumber ?? 0) + 1, (int)(invalid.BytePositionInLine ?? 0) + 1, "not JSON: expected well-formed JSON, nested at most 1000 deep"));
        }
        catch (InvalidOperationException)
        {
            faults.Add(At((int)reader.TokenStartIndex, "not text: expected a string of valid UTF-8 and paired escapes"));
        }

        return faults;
    }

    private static JsonTokenType Step(ref Utf8JsonReader reader) =>
        reader.Read() ? reader.TokenType : throw new JsonFault((int)reader.BytesConsumed, "expected a JSON value, found the end of the text");

    private static JsonItem ReadItem(ref Utf8JsonReader reader)
    {
        var offset = (int)reader.TokenStartIndex;
        return reader.TokenType switch
        {
            JsonTokenType.StartObject => ReadObject(ref reader, offset),
            JsonTokenType.StartArray => ReadArray(ref reader, offset),
            JsonTokenType.String => new(JsonValueKind.String, offset) { Text = reader.GetString()! },
            JsonTokenType.Number => new(JsonValueKind.Number, offset) { Number = IsWhole(reader.ValueSpan) && reader.TryGetInt64(out var number) ? number : null },
            JsonTokenType.True => new(JsonValueKind.True, offset),
            JsonTokenType.False => new(JsonValueKind.False, offset),
            _ => new(JsonValueKind.Null, offset),
        };
    }

    private static bool IsWhole(ReadOnlySpan<byte> number) => !number.ContainsAny((byte)'.', (byte)'e', (byte)'E');

    private static JsonItem ReadArray(ref Utf8JsonReader reader, int offset)
    {
        var items = new List<JsonItem>();
        while (Step(ref reader) != JsonTokenType.EndArray)
        {
            items.Add(ReadItem(ref reader));
        }

        return new(JsonValueKind.Array, offset) { Items = items };
    }

    private static JsonItem ReadObject(ref Utf8JsonReader reader, int offset)
    {
        var members = new List<(string, JsonItem)>();
        var names = new HashSet<string>();
        while (Step(ref reader) != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            if (!names.Add(name))
            {
                throw new JsonFault((int)reader.TokenStartIndex, $"the member `{name}` is given twice: expected each once");
            }

            Step(ref reader);
            members.Add((name, ReadItem(ref reader)));
        }

        return new(JsonValueKind.Object, offset) { Members = members };
    }
}
