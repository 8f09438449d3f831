namespace McpInfra.Guardrails;

/// <summary>What a violation leads to, most severe last.</summary>
public enum Severity
{
    /// <summary>Allowed, recorded in detail.</summary>
    Audit,

    /// <summary>Allowed, flagged.</summary>
    Warn,

    /// <summary>A person is asked.</summary>
    Escalate,

    /// <summary>Refused.</summary>
    Block,
}
