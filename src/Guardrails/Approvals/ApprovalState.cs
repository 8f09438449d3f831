namespace McpInfra.Guardrails.Approvals;

/// <summary>Where an approval stands.</summary>
public enum ApprovalState
{
    /// <summary>People are still wanted.</summary>
    Waiting,

    /// <summary>Given; the identical call runs once.</summary>
    Approved,

    /// <summary>Denied, for good.</summary>
    Denied,

    /// <summary>The call has run.</summary>
    Used,

    /// <summary>Nobody decided, or nobody called again, in time.</summary>
    Expired,
}
