namespace McpInfra.Guardrails.Audit;

/// <summary>Which records to show; null for any.</summary>
/// <param name="Call">The audit id.</param>
/// <param name="Operation">The operation's name.</param>
/// <param name="Person">The person.</param>
/// <param name="Outcome">The outcome; leaves ends only.</param>
public sealed record AuditFilter(string? Call = null, string? Operation = null, string? Person = null, string? Outcome = null)
{
    /// <summary>Whether a record is one of them.</summary>
    public bool Matches(AuditRecord record) =>
        (Call ?? record.Call) == record.Call && (Operation ?? record.Operation) == record.Operation
        && (Person is null || Person == record.Person) && (Outcome is null || Outcome == record.Outcome);
}
