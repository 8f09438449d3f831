namespace McpInfra.Cedar;

/// <summary>A schema as written, in either syntax, before names are resolved. Places are spans of the text (bytes in JSON).</summary>
internal sealed class RawSchema
{
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
}

/// <summary>A name as written: qualified or not, resolved against its namespace later.</summary>
internal sealed record RawName(string Name, Span Span);

internal sealed record RawEntityType(Span Span, IReadOnlyList<RawName> MemberOf, RawType? Shape, RawType? Tags, IReadOnlyList<string>? Ids);

internal sealed record RawAction(Span Span, IReadOnlyList<(RawName? Type, string Id)> MemberOf, IReadOnlyList<RawName> Principals, IReadOnlyList<RawName> Resources, RawType? Context);

internal abstract record RawType(Span Span);

internal sealed record RawKnown(Span Span, CedarType Type) : RawType(Span);

internal sealed record RawSet(Span Span, RawType Element) : RawType(Span);

internal sealed record RawRecord(Span Span, IReadOnlyList<(string Name, RawType Type, bool IsRequired)> Attributes) : RawType(Span);

/// <summary>A type by name; what kinds of thing the name may stand for depends on where it is written.</summary>
internal sealed record RawReference(Span Span, string Name, bool MayBeEntity, bool MayBeCommon) : RawType(Span);
