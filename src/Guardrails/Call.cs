using System.Text.Json;

namespace McpInfra.Guardrails;

/// <summary>A bound request: known caller, known operation, typed arguments, known targets.</summary>
/// <param name="Id">The audit id, one for each request.</param>
/// <param name="Caller">Who calls.</param>
/// <param name="Operation">What is called.</param>
/// <param name="Arguments">Of the operation's own argument type.</param>
/// <param name="Given">The same arguments as they came, for guards that look at text.</param>
/// <param name="Targets">What it touches.</param>
/// <param name="Structured">Whether the client asked for structured content too.</param>
public sealed record Call(
    string Id, Caller Caller, Operation Operation, object Arguments, JsonElement Given, IReadOnlyList<Target> Targets, bool Structured)
{
    /// <summary>The approval that admitted the call; null when none was wanted.</summary>
    public string? Approval { get; init; }

    /// <summary>Rules that applied and did not refuse; a warning among them is told with the answer.</summary>
    public IReadOnlyList<Notice> Notices { get; init; } = [];

    /// <summary>True when the call waits on work that an earlier identical call has paid for.</summary>
    public bool Continues { get; init; }
}
