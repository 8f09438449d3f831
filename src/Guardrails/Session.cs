using McpInfra.Guardrails.Budgets;

namespace McpInfra.Guardrails;

/// <summary>One conversation of one caller: what it has spent, and whether it has seen text that gave it orders. Safe for concurrent use.</summary>
/// <param name="id">Chosen by the server.</param>
/// <param name="started">When its first request came.</param>
public sealed class Session(string id, DateTimeOffset started)
{
    private string? flaggedBy;

    /// <summary>Chosen by the server.</summary>
    public string Id { get; } = id;

    /// <summary>When its first request came.</summary>
    public DateTimeOffset Started { get; } = started;

    /// <summary>What the session has spent of its budgets.</summary>
    public Spending Spent { get; } = new();

    /// <summary>The first call in which text was flagged as an injection; null while there was none.</summary>
    public string? FlaggedBy => Volatile.Read(ref flaggedBy);

    /// <summary>Marks the session as having met an injection; the first call is kept, the mark is never taken back.</summary>
    public void Flag(string call) => Interlocked.CompareExchange(ref flaggedBy, call, null);
}
