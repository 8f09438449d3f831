namespace McpInfra.Cedar;

/// <summary>What a policy does when it applies.</summary>
public enum Effect
{
    /// <summary>Allows, unless a forbid applies too.</summary>
    Permit,

    /// <summary>Denies, whatever permits apply.</summary>
    Forbid,
}
