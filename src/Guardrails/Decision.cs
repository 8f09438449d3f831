namespace McpInfra.Guardrails;

/// <summary>What a guard decided.</summary>
public enum Decision
{
    /// <summary>Nothing against it.</summary>
    Allow,

    /// <summary>Refused.</summary>
    Deny,

    /// <summary>Only with a person's approval.</summary>
    Ask,
}
