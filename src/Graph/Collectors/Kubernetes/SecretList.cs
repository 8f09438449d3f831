using System.Buffers;
using System.Text.Json;

namespace McpInfra.Graph.Collectors.Kubernetes;

/// <summary>
/// Takes values and annotations out of a list of Secrets before it is parsed. Only metadata is asked for, which leaves values out; but `kubectl apply` leaves a copy of them in an
/// annotation, and a server may not know how to answer metadata alone.
/// </summary>
internal static class SecretList
{
    /// <summary>The list without them; the keys of values stay.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static byte[] Strip(byte[] body)
    {
        var kept = new ArrayBufferWriter<byte>(body.Length);
        var reader = new Utf8JsonReader(body);
        using (var writer = new Utf8JsonWriter(kept))
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.PropertyName && (reader.ValueTextEquals("annotations") || reader.ValueTextEquals("data") || reader.ValueTextEquals("stringData")))
                {
                    var isData = !reader.ValueTextEquals("annotations");
                    writer.WritePropertyName(reader.GetString()!);
                    reader.Read();
                    WriteKeys(ref reader, writer, isData);
                }
                else
                {
                    Copy(ref reader, writer);
                }
            }
        }

        Array.Clear(body);
        return kept.WrittenSpan.ToArray();
    }

    private static void WriteKeys(ref Utf8JsonReader reader, Utf8JsonWriter writer, bool keys)
    {
        if (reader.TokenType is not JsonTokenType.StartObject)
        {
            reader.Skip();
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartObject();
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (keys)
            {
                writer.WriteNull(reader.GetString()!);
            }

            reader.Read();
            reader.Skip();
        }

        writer.WriteEndObject();
    }

    private static void Copy(ref Utf8JsonReader reader, Utf8JsonWriter writer)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                writer.WriteStartObject();
                break;
            case JsonTokenType.EndObject:
                writer.WriteEndObject();
                break;
            case JsonTokenType.StartArray:
                writer.WriteStartArray();
                break;
            case JsonTokenType.EndArray:
                writer.WriteEndArray();
                break;
            case JsonTokenType.PropertyName:
                writer.WritePropertyName(reader.GetString()!);
                break;
            case JsonTokenType.String:
                writer.WriteStringValue(reader.GetString());
                break;
            case JsonTokenType.Number:
                writer.WriteRawValue(reader.ValueSpan);
                break;
            case JsonTokenType.True or JsonTokenType.False:
                writer.WriteBooleanValue(reader.TokenType is JsonTokenType.True);
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }
}
