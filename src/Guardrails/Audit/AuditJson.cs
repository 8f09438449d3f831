using System.Buffers;
using System.Text.Json;

namespace McpInfra.Guardrails.Audit;

/// <summary>
/// How heads and the index are written, and how strictly they are read: every member, no other, none twice.
/// Member by member, for each start reads them, and a serializer would first have to be made.
/// </summary>
internal static class AuditJson
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>What is in bytes that were written for <see cref="Write"/>'s reader, as `read` takes it from their root; null when they are not so.</summary>
    public static T? Read<T>(ReadOnlySpan<byte> bytes, Func<JsonElement, T?> read)
        where T : class
    {
        try
        {
            return read(JsonElement.Parse(bytes, Strict));
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <summary>An object that has so many members; each must be asked for by its name.</summary>
    /// <exception cref="FormatException">It has more or fewer, or is none.</exception>
    public static JsonElement Members(this JsonElement element, int count) =>
        element.ValueKind is JsonValueKind.Object && element.GetPropertyCount() == count ? element : throw new FormatException();

    /// <summary>A member that is a string.</summary>
    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString() ?? throw new FormatException();

    /// <summary>One object, member by member.</summary>
    public static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var bytes = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }
}
