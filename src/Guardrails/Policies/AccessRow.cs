namespace McpInfra.Guardrails.Policies;

/// <summary>What an agent type may do with one operation.</summary>
/// <param name="Operation">Its name.</param>
/// <param name="Cells">By environment, in the order of their names.</param>
public sealed record AccessRow(string Operation, IReadOnlyList<AccessCell> Cells);
