namespace McpInfra.Guardrails.Audit;

/// <summary>What can be wrong with a trail.</summary>
public enum AuditFaultKind
{
    /// <summary>There is no trail, or no key to check it with.</summary>
    Absent,

    /// <summary>The index is missing or not as it was signed.</summary>
    Index,

    /// <summary>A head is missing, not as it was signed, or not the one that the index names.</summary>
    Head,

    /// <summary>A record, or a writer's whole file, is missing.</summary>
    Missing,

    /// <summary>A record was changed.</summary>
    Changed,

    /// <summary>Records were put in another order, or one was put in twice.</summary>
    Reordered,

    /// <summary>The last records, up to the signed head, are gone.</summary>
    CutOff,

    /// <summary>A file with records that the index does not name.</summary>
    Unindexed,
}
