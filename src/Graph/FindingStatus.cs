namespace McpInfra.Graph;

/// <summary>Where a finding stands.</summary>
public enum FindingStatus
{
    /// <summary>To be mended.</summary>
    Open,

    /// <summary>Somebody decided to live with it.</summary>
    Suppressed,

    /// <summary>Mended, or no longer reported by a complete scan.</summary>
    Resolved,
}
