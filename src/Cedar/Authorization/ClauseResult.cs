namespace McpInfra.Cedar;

/// <summary>What a clause came to.</summary>
public enum ClauseResult
{
    /// <summary>An earlier clause had decided.</summary>
    NotReached,

    /// <summary>It was true.</summary>
    Held,

    /// <summary>It was false.</summary>
    Failed,

    /// <summary>It could not be evaluated.</summary>
    Erred,
}
