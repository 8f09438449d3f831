namespace McpInfra.Cedar;

/// <summary>What the schema says of an action.</summary>
internal sealed class ActionDeclaration(EntityUid uid, IReadOnlyList<EntityUid> parents, IReadOnlyList<string> principals, IReadOnlyList<string> resources, RecordType context)
{
    public EntityUid Uid { get; } = uid;

    public IReadOnlyList<EntityUid> Parents { get; } = parents;

    public IReadOnlyList<string> Principals { get; } = principals;

    public IReadOnlyList<string> Resources { get; } = resources;

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = RawSchema.Unannotated;

    public RecordType Context { get; } = context;
}
