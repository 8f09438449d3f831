namespace McpInfra.Guardrails.Audit;

/// <summary>How the operator wants the trail kept.</summary>
/// <param name="DurableAll">Every call waits for the disk and the signed head before it runs, not only those that do more than observe.</param>
public sealed record AuditSettings(bool DurableAll = false);
