using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace McpInfra.Tools.Sandbox.Egress;

/// <summary>How the proxy sees the world: its resolver, and the authorities that it believes.</summary>
public sealed record Outside
{
    /// <summary>The system's resolver and authorities.</summary>
    public static Outside System { get; } = new();

    /// <summary>Resolves names.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>The port behind an endpoint's address: its own, unless something stands in for it.</summary>
    public Func<Endpoint, int> Port { get; init; } = endpoint => endpoint.Port;

    /// <summary>The authorities by which governed endpoints are verified; null for the system's.</summary>
    public X509Certificate2Collection? Authorities { get; init; }
}
