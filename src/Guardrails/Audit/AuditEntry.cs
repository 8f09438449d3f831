using System.Text.Json.Nodes;

namespace McpInfra.Guardrails.Audit;

/// <summary>What the trail records of a call or an event; the writer adds seq, time, kind, prev and hash.</summary>
public sealed record AuditEntry
{
    /// <summary>The audit id; one begin and one end share it.</summary>
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

    /// <summary>The operation's name; one that does not exist by the name asked, cut to 64 characters. For an event, what happened.</summary>
    public required string Operation { get; init; }

    /// <summary>The arguments, redacted already; for an event, its redacted facts.</summary>
    public JsonNode? Arguments { get; init; }

    /// <summary>The verdict, at the end.</summary>
    public Verdict? Verdict { get; init; }

    /// <summary>At the end: "answered", "fault", "denied", "failed", "cancelled" or "interrupted".</summary>
    public string? Outcome { get; init; }

    /// <summary>The trace id, when there is a trace.</summary>
    public string? Trace { get; init; }

    /// <summary>An event on behalf of a caller.</summary>
    /// <param name="caller">Whose it is.</param>
    /// <param name="call">The audit id.</param>
    /// <param name="what">What happened.</param>
    /// <param name="facts">Redacted already.</param>
    public static AuditEntry Event(Caller caller, string call, string what, JsonObject facts) => new()
    {
        Call = call,
        Organization = caller.Organization,
        Person = caller.Person,
        Agent = caller.Agent.Name,
        Session = caller.Session.Id,
        Client = caller.Client,
        Operation = what,
        Arguments = facts,
    };
}
