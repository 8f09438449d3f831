using ModelContextProtocol.Server;

namespace McpInfra.Host.Edge;

/// <summary>The two protocol eras: clients that initialize (up to 2025-11-25), and those that say everything with each request (from 2026-07-28).</summary>
internal static class Era
{
    public const string PerRequest = "2026-07-28";

    /// <summary>Whether the version is of the second era.</summary>
    public static bool IsPerRequest(string? version) => string.CompareOrdinal(version, PerRequest) >= 0;

    /// <summary>Whether the message is of the second era.</summary>
    public static bool IsPerRequest(MessageContext context) =>
        IsPerRequest(context.JsonRpcMessage.Context?.ProtocolVersion ?? context.Server.NegotiatedProtocolVersion);
}
