namespace McpInfra.Guardrails.Agents;

/// <summary>Denies an operation that the agent type's allow list does not name, or its deny list does. Deny beats allow.</summary>
public sealed class AllowlistGuard : IAccessGuard
{
    /// <summary>The guard's name, also for operations that do not exist.</summary>
    public const string GuardName = "allowlist";

    /// <summary>The verdict on an operation that does not exist.</summary>
    public static Verdict Unknown { get; } = Verdict.Deny(GuardName, "there is no such operation or address for this agent type", "List the tools, resources or prompts, and use one of them");

    /// <inheritdoc/>
    public string Name => GuardName;

    /// <inheritdoc/>
    public Verdict Check(Caller caller, Operation operation)
    {
        if (!Permits(caller.Agent, operation.Name))
        {
            return Verdict.Deny(Name, "the agent type's lists do not allow this operation", "Use an operation that is listed, or ask a platform engineer to allow it in the agent's manifest");
        }

        return operation.Needs.All(needed => Permits(caller.Agent, needed))
            ? Verdict.Allow
            : Verdict.Deny(Name, "an operation that this one needs is not allowed", "Ask a platform engineer to allow it in the agent's manifest");
    }

    private static bool Permits(AgentType agent, string name) => Glob.AnyMatches(agent.Allow, name) && !Glob.AnyMatches(agent.Deny, name);
}
