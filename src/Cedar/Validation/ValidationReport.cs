namespace McpInfra.Cedar;

/// <summary>What validation found in policies, by place. Warnings do not make them invalid.</summary>
public sealed record ValidationReport(IReadOnlyList<Fault> Errors, IReadOnlyList<Fault> Warnings)
{
    /// <summary>Whether there are no errors.</summary>
    public bool IsValid => Errors.Count == 0;
}
