namespace McpInfra.Guardrails;

/// <summary>How a request ended: a cleaned answer, or a refusal.</summary>
/// <param name="Audit">The audit id.</param>
/// <param name="Answer">The cleaned answer; null when refused.</param>
/// <param name="Refusal">The verdict that refused; null when answered.</param>
public sealed record Outcome(string Audit, Answer? Answer, Verdict? Refusal)
{
    /// <summary>The contract's sentence for a refusal.</summary>
    public string RefusalText => Refusal is null
        ? throw new InvalidOperationException("The request was not refused.")
        : $"Denied by {Refusal.Guard}: {Refusal.Rule}. {Refusal.Remedy}. Audit {Audit}.";
}
