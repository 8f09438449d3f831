namespace McpInfra.Guardrails.Agents;

/// <summary>An agent type's demand for approval.</summary>
/// <param name="Operation">Name or glob of the operations.</param>
/// <param name="Environment">Only for targets of this environment; null for all.</param>
/// <param name="People">How many people must approve, 1 or more.</param>
public sealed record ApprovalRule(string Operation, string? Environment, int People)
{
    /// <summary>Whether it wants people for a call of the operation on these targets; environments are compared without regard to letter case.</summary>
    public bool Applies(Operation operation, IReadOnlyList<Target> targets) =>
        Glob.AnyMatches([Operation], operation.Name)
        && (Environment is null || targets.Any(target => string.Equals(target.Environment, Environment, StringComparison.OrdinalIgnoreCase)));
}
