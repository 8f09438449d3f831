namespace McpInfra.Guardrails.Identity;

/// <summary>Who a peer is, or why nobody.</summary>
/// <param name="Caller">The caller; null when it is not known, and then the verdict denies.</param>
/// <param name="Verdict">Allow, or the denial.</param>
public sealed record Identified(Caller? Caller, Verdict Verdict);
