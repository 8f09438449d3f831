namespace McpInfra.Cedar;

/// <summary>The answer.</summary>
public enum Decision
{
    /// <summary>No permit applies, or a forbid does.</summary>
    Deny,

    /// <summary>A permit applies and no forbid does.</summary>
    Allow,
}
