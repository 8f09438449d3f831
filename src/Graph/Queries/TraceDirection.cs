namespace McpInfra.Graph.Queries;

/// <summary>Which way a trace runs.</summary>
public enum TraceDirection
{
    /// <summary>From what is used to its users: what breaks.</summary>
    Impact,

    /// <summary>From a user to what it uses.</summary>
    DependsOn,

    /// <summary>Any way.</summary>
    Both,
}
