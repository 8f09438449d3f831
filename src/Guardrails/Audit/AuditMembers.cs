using System.Text;
using System.Text.Json;

namespace McpInfra.Guardrails.Audit;

/// <summary>The leading members of a record, read without the rest.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="Kind">begin, end or event.</param>
/// <param name="Call">The audit id.</param>
internal readonly record struct AuditMembers(long Seq, string Kind, string Call)
{
    /// <summary>The members of a line, or null when it does not begin as a record does.</summary>
    public static AuditMembers? Of(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            return reader.Read() && reader.TokenType is JsonTokenType.StartObject
                && Next(ref reader, "seq"u8) && reader.TokenType is JsonTokenType.Number && reader.TryGetInt64(out var seq)
                && Next(ref reader, "time"u8) && Next(ref reader, "kind"u8) && KindOf(ref reader) is { } kind
                && Next(ref reader, "call"u8) && reader.TokenType is JsonTokenType.String
                ? new AuditMembers(seq, kind, reader.GetString()!)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The previous hash that a line claims, or null.</summary>
    public static byte[]? PreviousOf(ReadOnlySpan<byte> line)
    {
        const int Claim = (2 * AuditChain.HashSize) + 1;
        if (line.Length <= AuditChain.TailSize + Claim)
        {
            return null;
        }

        try
        {
            return Convert.FromHexString(Encoding.ASCII.GetString(line[^(AuditChain.TailSize + Claim)..^(AuditChain.TailSize + 1)]));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static bool Next(ref Utf8JsonReader reader, ReadOnlySpan<byte> name) =>
        reader.Read() && reader.TokenType is JsonTokenType.PropertyName && reader.ValueTextEquals(name) && reader.Read();

    private static string? KindOf(ref Utf8JsonReader reader) =>
        reader.TokenType is not JsonTokenType.String ? null
        : reader.ValueTextEquals("begin"u8) ? "begin"
        : reader.ValueTextEquals("end"u8) ? "end"
        : reader.ValueTextEquals("event"u8) ? "event" : null;
}
