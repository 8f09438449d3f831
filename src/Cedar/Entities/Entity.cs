namespace McpInfra.Cedar;

/// <summary>An entity: its attributes, its tags, and the entities it is directly in.</summary>
public sealed class Entity(EntityUid uid, CedarRecord? attributes = null, IReadOnlyCollection<EntityUid>? parents = null, CedarRecord? tags = null)
{
    /// <summary>Its name.</summary>
    public EntityUid Uid { get; } = uid;

    /// <summary>What is said of it.</summary>
    public CedarRecord Attributes { get; } = attributes ?? CedarRecord.Empty;

    /// <summary>Its tags, read by `getTag` and `hasTag`.</summary>
    public CedarRecord Tags { get; } = tags ?? CedarRecord.Empty;

    /// <summary>The entities it is directly in.</summary>
    public IReadOnlyCollection<EntityUid> Parents { get; } = parents ?? [];

    /// <summary>All entities it is in, when the store has worked them out.</summary>
    internal HashSet<EntityUid>? Ancestors { get; init; }
}
