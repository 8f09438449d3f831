namespace McpInfra.Cedar;

/// <summary>What the schema says of an entity type.</summary>
internal sealed class EntityDeclaration(string name, RecordType attributes, CedarType? tags, IReadOnlyList<string>? ids)
{
    public string Name { get; } = name;

    public RecordType Attributes { get; } = attributes;

    public CedarType? Tags { get; } = tags;

    /// <summary>The only ids there are, for an enumerated type.</summary>
    public IReadOnlyList<string>? Ids { get; } = ids;

    /// <summary>Types whose entities can be in one of this type, through any steps.</summary>
    public HashSet<string> Descendants { get; } = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = RawSchema.Unannotated;

    public bool Allows(EntityUid uid) => Ids is null || Ids.Contains(uid.Id);
}
