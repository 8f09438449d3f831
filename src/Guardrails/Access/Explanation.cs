using McpInfra.Guardrails.Agents;

namespace McpInfra.Guardrails.Access;

/// <summary>What the guards would decide on a call.</summary>
/// <param name="Operation">The operation; null when there is none of that name.</param>
/// <param name="Verdict">Allow, or the refusal by the first guard that refuses.</param>
/// <param name="Approvals">Rules that would want a person.</param>
public sealed record Explanation(Operation? Operation, Verdict Verdict, IReadOnlyList<ApprovalRule> Approvals);
