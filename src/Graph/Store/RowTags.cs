using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace McpInfra.Graph.Store;

/// <summary>Tags as a row has them: one JSON object of texts, its keys in order.</summary>
internal static class RowTags
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The tags, each cut to what is worth filtering by.</summary>
    public static string Write(IReadOnlyDictionary<string, string> tags)
    {
        if (tags.Count == 0)
        {
            return "{}";
        }

        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Compact))
        {
            json.WriteStartObject();
            foreach (var (key, value) in tags.Select(tag => (Key: Bounded.Text(tag.Key), Value: Bounded.Text(tag.Value))).DistinctBy(tag => tag.Key).OrderBy(tag => tag.Key, StringComparer.Ordinal))
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>The tags of a row.</summary>
    public static List<(string Key, string Value)> Read(string tags)
    {
        var found = new List<(string, string)>();
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(tags.Length));
        var json = new Utf8JsonReader(bytes.AsSpan(0, Encoding.UTF8.GetBytes(tags, bytes)));
        json.Read();
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            var key = json.GetString()!;
            json.Read();
            found.Add((key, json.GetString()!));
        }

        ArrayPool<byte>.Shared.Return(bytes);
        return found;
    }
}
