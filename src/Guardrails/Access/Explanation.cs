using McpInfra.Guardrails.Agents;
using McpInfra.Guardrails.Policies;

namespace McpInfra.Guardrails.Access;

/// <summary>What the guards would decide on a call.</summary>
/// <param name="Operation">The operation; null when there is none of that name.</param>
/// <param name="Verdict">Allow, or the refusal by the first guard that refuses.</param>
/// <param name="Approvals">Manifest rules that would want a person.</param>
public sealed record Explanation(Operation? Operation, Verdict Verdict, IReadOnlyList<ApprovalRule> Approvals)
{
    /// <summary>Guards that would ask people.</summary>
    public IReadOnlyList<Verdict> Asks { get; init; } = [];

    /// <summary>The operator's rules that apply, fail, or nearly permit, and why.</summary>
    public IReadOnlyList<RuleAccount> Rules { get; init; } = [];
}
