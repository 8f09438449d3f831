using System.Globalization;
using System.Text;
using System.Text.Json;

namespace McpInfra.Guardrails.Audit;

/// <summary>A record as the trail holds it.</summary>
public sealed record AuditRecord
{
    /// <summary>The writer in whose file it is.</summary>
    public required string Writer { get; init; }

    /// <summary>Its number in that file, from 1.</summary>
    public required long Seq { get; init; }

    /// <summary>When it was written.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>begin, end or event.</summary>
    public required string Kind { get; init; }

    /// <summary>The audit id.</summary>
    public required string Call { get; init; }

    /// <summary>The organisation.</summary>
    public required string Organization { get; init; }

    /// <summary>The person, when known.</summary>
    public string? Person { get; init; }

    /// <summary>The agent type, when known.</summary>
    public string? Agent { get; init; }

    /// <summary>The session.</summary>
    public string? Session { get; init; }

    /// <summary>The client's own name for itself.</summary>
    public string? Client { get; init; }

    /// <summary>The operation, or what happened.</summary>
    public required string Operation { get; init; }

    /// <summary>At the end: answered, fault, denied, failed, cancelled or interrupted.</summary>
    public string? Outcome { get; init; }

    /// <summary>The guard that decided, at the end.</summary>
    public string? Guard { get; init; }

    /// <summary>The rule that decided, at the end.</summary>
    public string? Rule { get; init; }

    /// <summary>The trace id.</summary>
    public string? Trace { get; init; }

    /// <summary>The whole line as it is in the file, ASCII.</summary>
    public required string Line { get; init; }

    /// <summary>The entry that it was made from, without arguments and verdict.</summary>
    internal AuditEntry Entry => new()
    {
        Call = Call, Organization = Organization, Person = Person, Agent = Agent, Session = Session, Client = Client, Operation = Operation, Trace = Trace,
    };

    /// <summary>The record in a line, or null when the line is none.</summary>
    internal static AuditRecord? Parse(string writer, ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            var verdict = root.GetProperty("verdict");
            var hasVerdict = verdict.ValueKind is JsonValueKind.Object;
            return new AuditRecord
            {
                Writer = writer,
                Seq = root.GetProperty("seq").GetInt64(),
                Time = DateTimeOffset.Parse(root.GetProperty("time").GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
                Kind = root.GetProperty("kind").GetString()!,
                Call = root.GetProperty("call").GetString()!,
                Organization = root.GetProperty("organization").GetString()!,
                Person = root.GetProperty("person").GetString(),
                Agent = root.GetProperty("agent").GetString(),
                Session = root.GetProperty("session").GetString(),
                Client = root.GetProperty("client").GetString(),
                Operation = root.GetProperty("operation").GetString()!,
                Outcome = root.GetProperty("outcome").GetString(),
                Trace = root.GetProperty("trace").GetString(),
                Guard = hasVerdict ? verdict.GetProperty("guard").GetString() : null,
                Rule = hasVerdict ? verdict.GetProperty("rule").GetString() : null,
                Line = Encoding.ASCII.GetString(line),
            };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentNullException)
        {
            return null;
        }
    }
}
