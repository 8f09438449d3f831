namespace McpInfra.Guardrails.Audit;

/// <summary>What was found of writers that died.</summary>
/// <param name="Interrupted">The begins that no end followed.</param>
/// <param name="Damaged">Writers whose records are not as their head says; they are left as they are, for `audit verify` to name.</param>
public sealed record Recovered(IReadOnlyList<AuditEntry> Interrupted, IReadOnlyList<string> Damaged);
