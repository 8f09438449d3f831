namespace McpInfra.Graph.Snapshot;

/// <summary>A live resource as the record has it, without tags, findings and relations.</summary>
internal readonly record struct SnapshotRow(
    long Node, string Id, string Name, string Type, string Provider, string? Account, string? Region, string? Environment, bool IsManaged, long ChangedAt)
{
    /// <summary>A time as a value of a facet, in the order of time.</summary>
    public static string Moment(long milliseconds) => Math.Max(0, milliseconds).ToString("D19", System.Globalization.CultureInfo.InvariantCulture);
}
