namespace McpInfra.Cedar;

/// <summary>An attribute of a record or entity type.</summary>
internal sealed record AttributeType(CedarType Type, bool IsRequired)
{
    /// <summary>What is noted of it; two attributes that differ in nothing else are the same.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = RawSchema.Unannotated;

    public bool Equals(AttributeType? other) => other is not null && IsRequired == other.IsRequired && Type.Equals(other.Type);

    public override int GetHashCode() => Type.GetHashCode();
}

/// <summary>A record with exactly these attributes, of which some may be missing.</summary>
internal sealed record RecordType(SortedDictionary<string, AttributeType> Attributes) : CedarType
{
    public static RecordType Empty { get; } = new([]);

    public bool Equals(RecordType? other) =>
        other is not null && Attributes.Count == other.Attributes.Count
        && Attributes.All(pair => other.Attributes.TryGetValue(pair.Key, out var attribute) && attribute.Equals(pair.Value));

    public override int GetHashCode() => Attributes.Count;

    public override string ToString() => $"{{{string.Join(", ", Attributes.Select(pair => $"{Quoting.Key(pair.Key)}{(pair.Value.IsRequired ? "" : "?")}: {pair.Value.Type}"))}}}";
}
