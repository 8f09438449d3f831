using System.Text.Json;

namespace McpInfra.Tools.Plans.State;

/// <summary>Where the parts of a JSON text stand, one level at a time, without a tree of it: a state of 200 MB is cut into instances that are read one after the other.</summary>
internal static class JsonSlices
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 256 };

    /// <summary>The fields of an object in order.</summary>
    /// <exception cref="JsonException">It is no object, or has a field twice.</exception>
    public static IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Fields(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span, Options);
        Start(ref reader, JsonTokenType.StartObject);
        var fields = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (!fields.TryAdd(name, Value(ref reader, json)))
            {
                throw new JsonException("A field stands twice.");
            }
        }

        return fields;
    }

    /// <summary>The items of an array in order.</summary>
    /// <exception cref="JsonException">It is no array.</exception>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Items(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span, Options);
        Start(ref reader, JsonTokenType.StartArray);
        var items = new List<ReadOnlyMemory<byte>>();
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            items.Add(Value(ref reader, json));
        }

        return items;
    }

    private static void Start(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (!reader.Read() || reader.TokenType != type)
        {
            throw new JsonException("Another kind of value was expected.");
        }
    }

    private static ReadOnlyMemory<byte> Value(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[start..(int)reader.BytesConsumed];
    }
}
