namespace McpInfra.Guardrails;

/// <summary>Denies a call whose target lies in a repository that the agent type may not touch.</summary>
public static class TargetsGuard
{
    /// <summary>Allow or Deny.</summary>
    public static Verdict Check(Call call) =>
        call.Caller.Agent.Repositories is { } allowed && call.Targets.Any(target => target.Repository is { } repository && !allowed.Contains(repository))
            ? Verdict.Deny("targets", "the agent type may not touch this repository", "Use a repository of the agent's manifest, or ask a platform engineer")
            : Verdict.Allow;
}
