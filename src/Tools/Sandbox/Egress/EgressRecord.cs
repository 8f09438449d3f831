namespace McpInfra.Tools.Sandbox.Egress;

/// <summary>One attempt to reach something from a cage.</summary>
/// <param name="Endpoint">host:port as it was asked for when that is well formed, else "unreadable".</param>
/// <param name="Allowed">Whether it was let through.</param>
/// <param name="Reason">Why not, in our own words; empty when allowed.</param>
/// <param name="Sent">Bytes to the endpoint.</param>
/// <param name="Received">Bytes from it.</param>
public sealed record EgressRecord(string Endpoint, bool Allowed, string Reason, long Sent, long Received);
