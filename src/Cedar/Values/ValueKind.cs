namespace McpInfra.Cedar;

/// <summary>The kinds of value the language has.</summary>
public enum ValueKind
{
    /// <summary>The default value, which no evaluation gives.</summary>
    None,

    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>A signed 64-bit number.</summary>
    Long,

    /// <summary>A text.</summary>
    String,

    /// <summary>A reference to an entity.</summary>
    Entity,

    /// <summary>Values without order or duplicates.</summary>
    Set,

    /// <summary>Values by name.</summary>
    Record,

    /// <summary>A number with four decimal places.</summary>
    Decimal,

    /// <summary>An address or a range of addresses.</summary>
    IpAddress,

    /// <summary>An instant, to the millisecond.</summary>
    DateTime,

    /// <summary>A length of time, to the millisecond.</summary>
    Duration,

    /// <summary>Evaluation failed; only inside the evaluator.</summary>
    Fault,
}
