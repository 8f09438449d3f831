namespace McpInfra.Cedar;

/// <summary>Which types can stand in one place. Strict: entities of two types, and records of two shapes, cannot.</summary>
internal static class TypeLattice
{
    /// <summary>The smallest type that has the values of both; null when there is none.</summary>
    public static CedarType? Join(CedarType first, CedarType second) => (first, second) switch
    {
        (NeverType, _) => second,
        (_, NeverType) => first,
        (BooleanType, BooleanType) => first.Equals(second) ? first : CedarType.Boolean,
        (SetType one, SetType other) => Join(one.Element, other.Element) is { } element ? new SetType(element) : null,
        (RecordType one, RecordType other) => JoinRecords(one, other),
        _ => first.Equals(second) ? first : null,
    };

    private static RecordType? JoinRecords(RecordType one, RecordType other)
    {
        if (one.Attributes.Count != other.Attributes.Count)
        {
            return null;
        }

        var joined = new SortedDictionary<string, AttributeType>(StringComparer.Ordinal);
        foreach (var (name, attribute) in one.Attributes)
        {
            if (!other.Attributes.TryGetValue(name, out var counterpart) || counterpart.IsRequired != attribute.IsRequired || Join(attribute.Type, counterpart.Type) is not { } type)
            {
                return null;
            }

            joined.Add(name, new(type, attribute.IsRequired));
        }

        return new(joined);
    }
}
