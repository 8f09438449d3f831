using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace McpInfra.Cedar;

/// <summary>Writes values in JSON, with `__entity` and `__extn` for what JSON cannot say.</summary>
internal static class ValueWriter
{
    // Deep enough for a long chain of `&&`, which JSON nests; the text is data for programs, not for a page.
    private static readonly JsonWriterOptions Options = new() { MaxDepth = int.MaxValue, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Text(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static void WriteUid(Utf8JsonWriter json, EntityUid uid)
    {
        json.WriteStartObject();
        json.WriteString("type", uid.Type);
        json.WriteString("id", uid.Id);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, CedarRecord record)
    {
        json.WriteStartObject();
        for (var index = 0; index < record.Count; index++)
        {
            json.WritePropertyName(record.Names[index]);
            Write(json, record.Values[index]);
        }

        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.Boolean: json.WriteBooleanValue(value.AsBoolean()); break;
            case ValueKind.Long: json.WriteNumberValue(value.AsLong()); break;
            case ValueKind.String: json.WriteStringValue(value.AsString()); break;
            case ValueKind.Record: Write(json, value.AsRecord()); break;
            case ValueKind.Set: WriteSet(json, value.AsSet()); break;
            case ValueKind.Entity:
                json.WriteStartObject();
                json.WritePropertyName("__entity");
                WriteUid(json, value.AsEntity());
                json.WriteEndObject();
                break;
            case ValueKind.Decimal: WriteCall(json, "decimal", CedarDecimal.Print(value.AsLong())); break;
            case ValueKind.IpAddress: WriteCall(json, "ip", value.AsIpRange().ToString()); break;
            case ValueKind.Duration: WriteCall(json, "duration", string.Create(CultureInfo.InvariantCulture, $"{value.AsLong()}ms")); break;
            default: WriteDateTime(json, value.AsLong()); break;
        }
    }

    private static void WriteSet(Utf8JsonWriter json, CedarSet set)
    {
        json.WriteStartArray();
        foreach (var member in set.Members)
        {
            Write(json, member);
        }

        json.WriteEndArray();
    }

    private static void WriteCall(Utf8JsonWriter json, string function, string argument)
    {
        json.WriteStartObject();
        json.WriteStartObject("__extn");
        json.WriteString("fn", function);
        json.WriteString("arg", argument);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>As an offset from 1970, which every instant has, also one of a year that the syntax cannot write.</summary>
    private static void WriteDateTime(Utf8JsonWriter json, long milliseconds)
    {
        json.WriteStartObject();
        json.WriteStartObject("__extn");
        json.WriteString("fn", "offset");
        json.WriteStartArray("args");
        WriteCall(json, "datetime", "1970-01-01");
        WriteCall(json, "duration", string.Create(CultureInfo.InvariantCulture, $"{milliseconds}ms"));
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
