namespace McpInfra.Guardrails.Agents;

/// <summary>The agent types that exist without configuration. All allow `*`; proposals to production want one person.</summary>
public static class BuiltInAgents
{
    private static readonly IReadOnlyList<ApprovalRule> ProductionWantsAPerson =
        [.. from operation in new[] { "propose_change", "revise_proposal" } from environment in new[] { "prod", "production" } select new ApprovalRule(operation, environment, 1)];

    /// <summary>The agent type of a server that was told none.</summary>
    public const string Default = "planner";

    /// <summary>All of them by name.</summary>
    public static IReadOnlyDictionary<string, AgentType> All { get; } = new[]
    {
        Type("observer", Tier.Observe), Type("compliance", Tier.Observe),
        Type("planner", Tier.Recommend), Type("drift", Tier.Recommend), Type("reviewer", Tier.Recommend),
        Type("remediator", Tier.Draft),
    }.ToDictionary(type => type.Name);

    private static AgentType Type(string name, Tier tier) => new() { Name = name, Tier = tier, Allow = ["*"], Approvals = ProductionWantsAPerson };
}
