using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace McpInfra.Guardrails.Approvals;

/// <summary>
/// What makes two calls identical: organisation, person, agent type, operation, arguments in canonical form, targets, and the reasons for which a person is wanted.
/// A target's id carries what it stands for (a plan's id, its plan). The session is left out: people answer after clients have restarted.
/// </summary>
internal static class CallDigest
{
    /// <summary>SHA-256, hexadecimal.</summary>
    public static string Of(Call call, IEnumerable<string> reasons)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartArray();
            writer.WriteStringValue(call.Caller.Organization);
            writer.WriteStringValue(call.Caller.Person);
            writer.WriteStringValue(call.Caller.Agent.Name);
            writer.WriteStringValue(call.Operation.Kind.ToString());
            writer.WriteStringValue(call.Operation.Name);
            WriteCanonical(writer, call.Given);
            WriteSorted(writer, call.Targets.Select(target => JsonSerializer.Serialize(new[] { target.Type, target.Id, target.Environment, target.Repository })));
            WriteSorted(writer, reasons);
            writer.WriteEndArray();
        }

        return Convert.ToHexStringLower(SHA256.HashData(bytes.WrittenSpan));
    }

    private static void WriteSorted(Utf8JsonWriter writer, IEnumerable<string> lines)
    {
        writer.WriteStartArray();
        foreach (var line in lines.Order(StringComparer.Ordinal))
        {
            writer.WriteStringValue(line);
        }

        writer.WriteEndArray();
    }

    private static void WriteCanonical(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Undefined:
                writer.WriteNullValue();
                break;
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in element.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(property.Name);
                    WriteCanonical(writer, property.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    WriteCanonical(writer, item);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(element.GetString());
                break;
            default:
                writer.WriteRawValue(Encoding.UTF8.GetBytes(element.GetRawText()));
                break;
        }
    }
}
