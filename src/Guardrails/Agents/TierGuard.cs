namespace McpInfra.Guardrails.Agents;

/// <summary>Denies an operation above the agent type's tier. An unknown tier grants nothing.</summary>
public sealed class TierGuard : IAccessGuard
{
    /// <inheritdoc/>
    public string Name => "tier";

    /// <inheritdoc/>
    public Verdict Check(Caller caller, Operation operation) =>
        Enum.IsDefined(operation.Tier) && Enum.IsDefined(caller.Agent.Tier) && operation.Tier <= caller.Agent.Tier
            ? Verdict.Allow
            : Verdict.Deny(Name, "the operation is above the agent type's tier", "Ask a platform engineer for an agent type of a higher tier");
}
