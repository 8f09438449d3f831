namespace McpInfra.Graph.Collectors.Kubernetes;

/// <summary>Where a cluster's API is.</summary>
/// <param name="Server">Its address: https, or http on loopback.</param>
/// <param name="Authority">Certificates, PEM, that alone are trusted for it; null for the machine's own.</param>
/// <param name="ServerName">Name that its certificate must hold; null for that of the address.</param>
public sealed record KubeCluster(Uri Server, string? Authority, string? ServerName);
