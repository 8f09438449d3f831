namespace McpInfra.Cedar;

/// <summary>A schema as written, in either syntax, before names are resolved. Places are spans of the text (bytes in JSON).</summary>
internal sealed class RawSchema
{
    public static IReadOnlyDictionary<string, string> Unannotated { get; } = new Dictionary<string, string>();

    public Dictionary<string, RawNamespace> Namespaces { get; } = new(StringComparer.Ordinal);

    public RawNamespace Open(string name)
    {
        if (!Namespaces.TryGetValue(name, out var found))
        {
            Namespaces.Add(name, found = new(name));
        }

        return found;
    }
}

internal sealed class RawNamespace(string name)
{
    public string Name { get; } = name;

    public Dictionary<string, RawType> CommonTypes { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, RawEntityType> EntityTypes { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, RawAction> Actions { get; } = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> Annotations { get; set; } = RawSchema.Unannotated;
}

/// <summary>A name as written: qualified or not, resolved against its namespace later.</summary>
internal sealed record RawName(string Name, Span Span);

internal sealed record RawEntityType(Span Span, IReadOnlyList<RawName> MemberOf, RawType? Shape, RawType? Tags, IReadOnlyList<string>? Ids)
{
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = RawSchema.Unannotated;
}

internal sealed record RawAction(Span Span, IReadOnlyList<(RawName? Type, string Id)> MemberOf, IReadOnlyList<RawName> Principals, IReadOnlyList<RawName> Resources, RawType? Context)
{
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = RawSchema.Unannotated;
}

internal abstract record RawType(Span Span);

internal sealed record RawKnown(Span Span, CedarType Type) : RawType(Span);

internal sealed record RawSet(Span Span, RawType Element) : RawType(Span);

/// <summary>Attributes by name; of two with one name the last counts, as in the language's own engine.</summary>
internal sealed record RawRecord(Span Span, IReadOnlyDictionary<string, RawAttribute> Attributes) : RawType(Span);

internal sealed record RawAttribute(RawType Type, bool IsRequired, IReadOnlyDictionary<string, string> Annotations);

/// <summary>A type by name; what kinds of thing the name may stand for depends on where it is written.</summary>
internal sealed record RawReference(Span Span, string Name, bool MayBeEntity, bool MayBeCommon) : RawType(Span);
