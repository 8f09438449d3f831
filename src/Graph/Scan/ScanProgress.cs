namespace McpInfra.Graph.Scan;

/// <summary>How far the scan of one source is.</summary>
/// <param name="Source">The source's name.</param>
/// <param name="Records">Observations so far.</param>
/// <param name="Rate">Observations a second since the source began.</param>
/// <param name="Current">What is being read: a type and region, or a phase in our own words.</param>
/// <param name="Ended">Whether the source is done.</param>
public sealed record ScanProgress(string Source, long Records, double Rate, string Current, bool Ended = false);
