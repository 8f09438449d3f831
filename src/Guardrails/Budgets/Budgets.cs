namespace McpInfra.Guardrails.Budgets;

/// <summary>What a session of an agent type may spend.</summary>
/// <param name="Calls">Calls in a session.</param>
/// <param name="CallsPerMinute">Calls in any minute.</param>
/// <param name="Plans">Plans in a session.</param>
/// <param name="Proposals">Proposals opened or revised in a session.</param>
/// <param name="Minutes">Wall time of a session.</param>
/// <param name="OutputTokens">Tokens answered in a session, counted as bytes / 4.</param>
/// <param name="Credentials">Credentials issued in a session.</param>
public sealed record Budgets(
    int Calls = 2000, int CallsPerMinute = 300, int Plans = 50, int Proposals = 20, int Minutes = 480, long OutputTokens = 2_000_000, int Credentials = 100);
