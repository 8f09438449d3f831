namespace McpInfra.Graph.Snapshot;

/// <summary>A live resource that changed after the snapshot was taken.</summary>
internal sealed class OverlayRow(SnapshotRow row, List<(string Key, string Value)> tags)
{
    public SnapshotRow Row { get; } = row;

    public bool HasFindings { get; set; }

    public List<(string Key, string Value)> Tags { get; } = tags;

    public (string Type, string Name, string Id) Order => (Row.Type, Row.Name, Row.Id);
}
