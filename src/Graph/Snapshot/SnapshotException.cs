namespace McpInfra.Graph.Snapshot;

/// <summary>A snapshot whose bytes are not what was written. It is thrown away and built again.</summary>
internal sealed class SnapshotException(SnapshotSection section) : Exception($"The snapshot's part {section} is damaged.");
