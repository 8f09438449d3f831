using McpInfra.Guardrails.Injection.Reactions;

namespace McpInfra.Guardrails.Agents;

/// <summary>What an agent of this type may do. Absence denies; deny beats allow.</summary>
public sealed record AgentType
{
    /// <summary>Its name; part of its branches' names.</summary>
    public required string Name { get; init; }

    /// <summary>The highest tier of operations that it may use.</summary>
    public required Tier Tier { get; init; }

    /// <summary>Names or globs (`*` matches any run of characters) of operations allowed.</summary>
    public required IReadOnlyList<string> Allow { get; init; }

    /// <summary>Names or globs of operations denied.</summary>
    public IReadOnlyList<string> Deny { get; init; } = [];

    /// <summary>What a session may spend.</summary>
    public Budgets.Budgets Budgets { get; init; } = new();

    /// <summary>Which calls want a person.</summary>
    public IReadOnlyList<ApprovalRule> Approvals { get; init; } = [];

    /// <summary>What follows when it reads text that gives orders.</summary>
    public DetectionPolicy Detection { get; init; } = new();

    /// <summary>Hosts that links and images of others' text may lead to, by name or `*.name`; every other link is shown and not live.</summary>
    public IReadOnlyList<string> Links { get; init; } = [];

    /// <summary>Registered repositories it may touch; null for all.</summary>
    public IReadOnlyList<string>? Repositories { get; init; }
}
