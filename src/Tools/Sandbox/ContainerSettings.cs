namespace McpInfra.Tools.Sandbox;

/// <summary>The section `container`: which engine runs containers, and in which image.</summary>
/// <param name="Engine">"podman" or "docker"; null for podman where it is on the PATH, else docker.</param>
/// <param name="Image">An image that holds program and engine; null for the empty one on Linux, and elsewhere for mcp-infra-sandbox.</param>
public sealed record ContainerSettings(string? Engine = null, string? Image = null);
