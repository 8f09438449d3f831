namespace McpInfra.Graph.Queries;

/// <summary>Which way a trace runs.</summary>
public enum TraceDirection
{
    /// <summary>From what is used to its users: what breaks.</summary>
    Impact,

    /// <summary>From a user to what it uses.</summary>
    DependsOn,

    /// <summary>Any way.</summary>
    Both,
}

/// <summary>What a trace found.</summary>
/// <param name="Steps">By distance; on a path, in its order, without the start.</param>
public sealed record TraceResult(IReadOnlyList<TraceStep> Steps)
{
    /// <summary>Resources of over 1,000 relations that were reached but not followed further.</summary>
    public IReadOnlyList<ResourceRow> Hubs { get; init; } = [];

    /// <summary>Whether more resources lie within the depth than were visited.</summary>
    public bool Cut { get; init; }
}

/// <summary>A resource that a trace reached.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Distance">Relations from the start.</param>
/// <param name="Relation">The relation that led here.</param>
/// <param name="Forward">Whether that relation runs from the resource before to this one.</param>
/// <param name="From">The resource before.</param>
public sealed record TraceStep(ResourceRow Resource, int Distance, RelationType Relation, bool Forward, ResourceRow From);
