namespace McpInfra.Guardrails.Audit;

/// <summary>What a verification found.</summary>
/// <param name="Faults">The first fault of the index and of each writer, in the index's order; empty when there is none.</param>
/// <param name="Writers">Writers that the index names.</param>
/// <param name="Attested">Records that are as they were, under a signed head.</param>
/// <param name="Unattested">Records after a head that chain on from it.</param>
/// <param name="Open">Begins that no end followed, at most <see cref="MostOpen"/> of them: begun, never ended, or running now.</param>
/// <param name="Notes">What a reader must know to judge the result.</param>
/// <param name="IsStrict">Whether unattested records count as a fault.</param>
public sealed record AuditReport(
    IReadOnlyList<AuditFault> Faults, int Writers, long Attested, long Unattested, IReadOnlyList<AuditRecord> Open, IReadOnlyList<string> Notes, bool IsStrict)
{
    /// <summary>The most open calls that are listed.</summary>
    public const int MostOpen = 10_000;

    /// <summary>The first fault, or null.</summary>
    public AuditFault? First => Faults.Count > 0 ? Faults[0] : null;

    /// <summary>Whether the trail is as it was written, as far as it is signed.</summary>
    public bool IsSound => Faults.Count == 0 && (!IsStrict || Unattested == 0);
}
