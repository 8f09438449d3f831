namespace McpInfra.Guardrails.Approvals;

/// <summary>How approvals are kept.</summary>
/// <param name="Lifetime">How long one waits for people and, once given, for its call; null for 24 hours.</param>
/// <param name="MostWaiting">The most that wait for one session.</param>
/// <param name="MostWaitingInAll">The most that wait for the organisation.</param>
public sealed record ApprovalSettings(TimeSpan? Lifetime = null, int MostWaiting = 20, int MostWaitingInAll = 1000);
