namespace McpInfra.Guardrails.Agents;

/// <summary>An agent type's demand for approval.</summary>
/// <param name="Operation">Name or glob of the operations.</param>
/// <param name="Environment">Only for targets of this environment; null for all.</param>
/// <param name="People">How many people must approve, 1 or more.</param>
public sealed record ApprovalRule(string Operation, string? Environment, int People);
