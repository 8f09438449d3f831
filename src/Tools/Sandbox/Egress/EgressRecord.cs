namespace McpInfra.Tools.Sandbox.Egress;

/// <summary>Attempts of one kind to reach something from a cage.</summary>
/// <param name="Endpoint">host:port as it was asked for when that is well formed, else "unreadable".</param>
/// <param name="Allowed">Whether they were let through.</param>
/// <param name="Reason">Why not, in our own words; empty when allowed.</param>
/// <param name="Sent">Bytes to the endpoint.</param>
/// <param name="Received">Bytes from it.</param>
public sealed record EgressRecord(string Endpoint, bool Allowed, string Reason, long Sent, long Received)
{
    /// <summary>How many they were.</summary>
    public long Requests { get; init; } = 1;

    /// <summary>What they asked for, where the endpoint is governed.</summary>
    public CloudAction? Asked { get; init; }

    /// <summary>Whether the proxy answered them itself; nothing went out.</summary>
    public bool Answered { get; init; }
}
