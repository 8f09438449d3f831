using System.Buffers;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace McpInfra.Guardrails.Audit;

/// <summary>Writes an entry as the JSON members kind to trace. Every member is always there; what is not ASCII is escaped, so that a line is safe to show.</summary>
internal sealed class AuditBody
{
    private const int MostArguments = 64 * 1024;
    private const int MostKept = 256 * 1024;
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.Default, SkipValidation = true };

    [ThreadStatic]
    private static AuditBody? own;

    private readonly ArrayBufferWriter<byte> bytes = new(2048);
    private readonly ArrayBufferWriter<byte> arguments = new(1024);
    private readonly Utf8JsonWriter members, inner;

    private AuditBody() => (members, inner) = (new Utf8JsonWriter(bytes, Options), new Utf8JsonWriter(arguments, Options));

    /// <summary>The members, valid on this thread until the next call.</summary>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> kind, AuditEntry entry)
    {
        if (own is null || own.bytes.Capacity + own.arguments.Capacity > MostKept)
        {
            own = new AuditBody();
        }

        own.bytes.ResetWrittenCount();
        own.members.Reset();
        own.Write(own.members, kind, entry);
        own.members.Flush();
        return own.bytes.WrittenSpan[1..^1];
    }

    private void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> kind, AuditEntry entry)
    {
        writer.WriteStartObject();
        writer.WriteString("kind"u8, kind);
        writer.WriteString("call"u8, entry.Call);
        writer.WriteString("organization"u8, entry.Organization);
        writer.WriteString("person"u8, entry.Person);
        writer.WriteString("agent"u8, entry.Agent);
        writer.WriteString("session"u8, entry.Session);
        writer.WriteString("client"u8, entry.Client);
        writer.WriteString("operation"u8, entry.Operation);
        writer.WritePropertyName("arguments"u8);
        WriteArguments(writer, entry.Arguments);
        writer.WritePropertyName("verdict"u8);
        WriteVerdict(writer, entry.Verdict);
        writer.WriteString("outcome"u8, entry.Outcome);
        writer.WriteString("trace"u8, entry.Trace);
        writer.WriteEndObject();
    }

    private void WriteArguments(Utf8JsonWriter writer, JsonNode? node)
    {
        if (node is null)
        {
            writer.WriteNullValue();
            return;
        }

        arguments.ResetWrittenCount();
        inner.Reset();
        node.WriteTo(inner);
        inner.Flush();
        if (arguments.WrittenCount <= MostArguments)
        {
            writer.WriteRawValue(arguments.WrittenSpan, skipInputValidation: true);
            return;
        }

        writer.WriteStartObject();
        writer.WriteNumber("omittedBytes"u8, arguments.WrittenCount);
        writer.WriteString("sha256"u8, Convert.ToHexStringLower(SHA256.HashData(arguments.WrittenSpan)));
        writer.WriteEndObject();
    }

    private static void WriteVerdict(Utf8JsonWriter writer, Verdict? verdict)
    {
        if (verdict is null)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("decision"u8, verdict.Decision switch { Decision.Allow => "allow"u8, Decision.Ask => "ask"u8, _ => "deny"u8 });
        writer.WriteString("guard"u8, verdict.Guard.Length > 0 ? verdict.Guard : null);
        writer.WriteString("rule"u8, verdict.Rule.Length > 0 ? verdict.Rule : null);
        writer.WriteString("severity"u8, verdict.Severity switch
        {
            Severity.Audit => "audit"u8, Severity.Warn => "warn"u8, Severity.Escalate => "escalate"u8, _ => "block"u8,
        });
        if (verdict.Approval is { } approval)
        {
            writer.WriteString("approval"u8, approval);
        }

        if (verdict.Evidence.Count > 0)
        {
            writer.WriteStartArray("evidence"u8);
            foreach (var place in verdict.Evidence)
            {
                writer.WriteStringValue(place);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }
}
