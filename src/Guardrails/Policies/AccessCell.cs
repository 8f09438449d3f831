namespace McpInfra.Guardrails.Policies;

/// <summary>What an agent type may do with an operation in one environment.</summary>
/// <param name="Environment">Its name; null for every other.</param>
/// <param name="Access">Yes, no or asks, and the rule behind it.</param>
public sealed record AccessCell(string? Environment, string Access);
