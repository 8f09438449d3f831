using System.Text.Json;
using McpInfra.Guardrails.Binding;
using McpInfra.Guardrails.Budgets;

namespace McpInfra.Guardrails;

/// <summary>Something a client can ask for: a tool, a resource, a prompt or a completion. A runtime value.</summary>
public sealed record Operation
{
    /// <summary>The kind of MCP request that it answers.</summary>
    public required OperationKind Kind { get; init; }

    /// <summary>Unique among operations; what allow and deny lists name.</summary>
    public required string Name { get; init; }

    /// <summary>How far it reaches.</summary>
    public required Tier Tier { get; init; }

    /// <summary>What it is for, told to the model.</summary>
    public required string Description { get; init; }

    /// <summary>Closed JSON Schema of the arguments.</summary>
    public required JsonElement Schema { get; init; }

    /// <summary>Turns arguments into the operation's own type, or says what is wrong without echoing them.</summary>
    public required Func<JsonElement, Bound> Bind { get; init; }

    /// <summary>Resolves what the bound arguments point at.</summary>
    public Func<object, Caller, CancellationToken, ValueTask<Resolution>> Targets { get; init; } = (_, _, _) => new(Resolution.None);

    /// <summary>Does the work. Expected failures are answers made by <see cref="Answer.Fault"/>; exceptions are defects.</summary>
    public required Func<Call, CancellationToken, ValueTask<Answer>> Run { get; init; }

    /// <summary>Other operations that must be allowed too, for this one shows what they show.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>How long a call may take, guards included; past it the operation is told to stop and the caller that it took too long.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>What a call spends besides itself.</summary>
    public Spend Spends { get; init; } = Spend.None;
}
