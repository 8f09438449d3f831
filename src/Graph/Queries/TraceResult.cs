namespace McpInfra.Graph.Queries;

/// <summary>What a trace found.</summary>
/// <param name="Steps">A page of it by distance, type, name and id; on a path all of it in its order, without the start.</param>
public sealed record TraceResult(IReadOnlyList<TraceStep> Steps)
{
    /// <summary>How many resources were found, on all pages.</summary>
    public long Total { get; init; } = Steps.Count;

    /// <summary>How many at distance 1, 2, …</summary>
    public IReadOnlyList<long> ByDistance { get; init; } = [];

    /// <summary>How many of each type, the most frequent first; only where not all are on the page.</summary>
    public IReadOnlyList<ValueCount> ByType { get; init; } = [];

    /// <summary>Resources of over 1,000 relations that were reached but not followed further.</summary>
    public IReadOnlyList<HubReached> Hubs { get; init; } = [];

    /// <summary>Whether more resources lie within the depth than were visited.</summary>
    public bool Cut { get; init; }
}

/// <summary>A hub that a trace reached.</summary>
/// <param name="Resource">The hub.</param>
/// <param name="Relations">How many relations of each type it has in the direction of the trace, the most frequent first.</param>
public sealed record HubReached(ResourceRow Resource, IReadOnlyList<RelationCount> Relations);

/// <summary>How many relations of a type.</summary>
public sealed record RelationCount(RelationType Type, long Count);

/// <summary>A resource that a trace reached.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Distance">Relations from the start.</param>
/// <param name="Relation">The relation that led here.</param>
/// <param name="Forward">Whether that relation runs from the resource before to this one.</param>
/// <param name="From">The resource before.</param>
public sealed record TraceStep(ResourceRow Resource, int Distance, RelationType Relation, bool Forward, ResourceRow From);
