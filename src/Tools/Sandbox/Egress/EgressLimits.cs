namespace McpInfra.Tools.Sandbox.Egress;

/// <summary>What a run may use of the network.</summary>
public sealed record EgressLimits
{
    /// <summary>Connections at once.</summary>
    public int Concurrent { get; init; } = 256;

    /// <summary>Connections in all.</summary>
    public int Connections { get; init; } = 20_000;

    /// <summary>Bytes in all, both ways.</summary>
    public long Bytes { get; init; } = 2L << 30;

    /// <summary>Time to resolve and connect, and to read a request's head.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Time until a governed endpoint begins to answer.</summary>
    public TimeSpan Answer { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a governed connection is kept open between requests.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Life of one connection.</summary>
    public TimeSpan Connection { get; init; } = TimeSpan.FromMinutes(5);
}
