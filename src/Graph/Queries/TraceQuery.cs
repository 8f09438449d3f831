namespace McpInfra.Graph.Queries;

/// <summary>How relations are followed from a resource.</summary>
/// <param name="Direction">Which way.</param>
/// <param name="Depth">At most so many relations far.</param>
public sealed record TraceQuery(TraceDirection Direction, int Depth)
{
    /// <summary>Relations to follow; null for all.</summary>
    public IReadOnlySet<RelationType>? Relations { get; init; }

    /// <summary>Resource types to list and count, any case; null for all.</summary>
    public IReadOnlySet<string>? Types { get; init; }

    /// <summary>How many of what was found come before the page.</summary>
    public long Offset { get; init; }

    /// <summary>Most steps of the page.</summary>
    public int Limit { get; init; } = 1000;
}
