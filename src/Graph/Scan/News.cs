using McpInfra.Graph.Collectors;

namespace McpInfra.Graph.Scan;

/// <summary>An observation that is not as it was, in the form in which it is stored.</summary>
/// <param name="Observation">What was seen.</param>
internal sealed record News(Observation Observation)
{
    /// <summary>The key of a resource; this and the three that follow are null for what is none.</summary>
    public string? Key { get; init; }

    public Resource? Resource { get; init; }

    public string? Body { get; init; }

    public byte[]? Hash { get; init; }

    /// <summary>A relation; null for what is none.</summary>
    public StoredRelation? Relation { get; init; }
}

/// <summary>A relation as the store names it.</summary>
internal sealed record StoredRelation(string From, string Type, string To);
