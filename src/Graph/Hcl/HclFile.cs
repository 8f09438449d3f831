namespace McpInfra.Graph.Hcl;

/// <summary>One file as read. With a fault, the body holds only what stood before it.</summary>
/// <param name="Path">Path as given.</param>
/// <param name="Body">What it holds.</param>
/// <param name="Fault">Why it could not be read to its end; null when it could.</param>
public sealed record HclFile(string Path, HclBody Body, HclFault? Fault);
