namespace McpInfra.Cedar;

/// <summary>
/// Resolves a schema's names. A bare name means, in this order: a common type or an entity type of its own namespace, one of the empty
/// namespace, a type of the language. Names faults of every declaration.
/// </summary>
internal sealed class SchemaResolver(RawSchema raw, Func<Span, string, Fault> place)
{
    private static readonly Dictionary<string, CedarType> Builtins = new(StringComparer.Ordinal)
    {
        ["Bool"] = CedarType.Boolean,
        ["Long"] = CedarType.Long,
        ["String"] = CedarType.String,
        ["decimal"] = CedarType.Decimal,
        ["ipaddr"] = CedarType.IpAddress,
        ["datetime"] = CedarType.DateTime,
        ["duration"] = CedarType.Duration,
    };

    private static readonly string[] ReservedTypes = ["Bool", "Boolean", "Entity", "Extension", "Long", "Record", "Set", "String"];

    private readonly List<Fault> faults = [];
    private readonly Dictionary<string, (RawType Type, string Namespace)> common = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CedarType> resolved = new(StringComparer.Ordinal);
    private readonly HashSet<string> resolving = new(StringComparer.Ordinal);
    private readonly HashSet<string> entityTypes = new(StringComparer.Ordinal);
    private readonly HashSet<EntityUid> actionUids = [];

    public Outcome<Schema> Resolve()
    {
        Declare();
        var entities = raw.Namespaces.Values.SelectMany(space => space.EntityTypes.Select(type => (Name: Names.Qualify(space.Name, type.Key), Entity(space.Name, type.Key, type.Value), type.Value, space.Name)))
            .ToDictionary(entry => entry.Name, entry => (Declaration: entry.Item2, Raw: entry.Value, Space: entry.Item4));
        foreach (var (name, entry) in entities)
        {
            foreach (var parent in entry.Raw.MemberOf)
            {
                if (EntityType(parent, entry.Space) is { } above)
                {
                    entities[above].Declaration.Descendants.Add(name);
                }
            }
        }

        Close(entities.ToDictionary(entry => entry.Key, entry => entry.Value.Declaration.Descendants));
        var actions = raw.Namespaces.Values.SelectMany(space => space.Actions.Select(action => Action(space.Name, action.Key, action.Value))).ToList();
        var hierarchy = EntityStore.From(actions.Select(action => new Entity(action.Uid, parents: action.Parents)), "schema");
        foreach (var common in this.common.Keys)
        {
            Common(common, Span.None); // What nothing refers to must be right too.
        }

        faults.AddRange(hierarchy.Faults.Select(fault => place(Span.None, fault.Message)));
        return faults.Count > 0
            ? new(faults)
            : new(new Schema(entities.ToDictionary(entry => entry.Key, entry => entry.Value.Declaration), actions.ToDictionary(action => action.Uid), hierarchy.Value!) { Annotations = raw.Namespaces.Values.ToDictionary(space => space.Name, space => space.Annotations) });
    }

    private static void Close(Dictionary<string, HashSet<string>> below)
    {
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var descendants in below.Values)
            {
                var count = descendants.Count;
                foreach (var descendant in descendants.ToList())
                {
                    descendants.UnionWith(below[descendant]);
                }

                changed |= descendants.Count > count;
            }
        }
    }

    private void Declare()
    {
        var root = raw.Namespaces.GetValueOrDefault("");
        foreach (var space in raw.Namespaces.Values)
        {
            foreach (var (name, type) in space.CommonTypes)
            {
                if (ReservedTypes.Contains(name))
                {
                    Report(type.Span, $"`{name}` is reserved: expected another name for the type");
                }

                common.Add(Names.Qualify(space.Name, name), (type, space.Name));
                Shadow(space, root, name, type.Span);
            }

            foreach (var (name, type) in space.EntityTypes)
            {
                entityTypes.Add(Names.Qualify(space.Name, name));
                Shadow(space, root, name, type.Span);
            }

            foreach (var (name, action) in space.Actions)
            {
                actionUids.Add(new(Names.Qualify(space.Name, "Action"), name));
                if (space != root && root?.Actions.ContainsKey(name) == true)
                {
                    Report(action.Span, $"the action `{name}` of `{space.Name}` hides the one of the empty namespace: expected another name");
                }
            }
        }
    }

    private void Shadow(RawNamespace space, RawNamespace? root, string name, Span span)
    {
        if (space != root && root is not null && (root.CommonTypes.ContainsKey(name) || root.EntityTypes.ContainsKey(name)))
        {
            Report(span, $"`{Names.Qualify(space.Name, name)}` hides `{name}` of the empty namespace: expected another name");
        }
    }

    private void Report(Span span, string message) => faults.Add(place(span, message));

    private EntityDeclaration Entity(string space, string name, RawEntityType type) =>
        new(string.Intern(Names.Qualify(space, name)), type.Shape is null ? RecordType.Empty : Record(type.Shape, space), type.Tags is null ? null : Type(type.Tags, space), type.Ids) { Annotations = type.Annotations };

    private ActionDeclaration Action(string space, string name, RawAction action) => new(
        new(string.Intern(Names.Qualify(space, "Action")), name),
        [.. action.MemberOf.Select(parent => Parent(parent, space, action.Span)).OfType<EntityUid>().Distinct()],
        [.. action.Principals.Select(type => EntityType(type, space)).OfType<string>().Distinct()],
        [.. action.Resources.Select(type => EntityType(type, space)).OfType<string>().Distinct()],
        action.Context is null ? RecordType.Empty : Record(action.Context, space)) { Annotations = action.Annotations };

    private EntityUid? Parent((RawName? Type, string Id) parent, string space, Span span)
    {
        foreach (var type in Candidates(parent.Type?.Name ?? "Action", space))
        {
            if (actionUids.TryGetValue(new(type, parent.Id), out var uid))
            {
                return uid;
            }
        }

        Report(parent.Type?.Span ?? span, $"the action `{parent.Id}` is not declared: expected one of the schema's actions");
        return null;
    }

    private string? EntityType(RawName name, string space)
    {
        var found = Candidates(name.Name, space).FirstOrDefault(entityTypes.Contains);
        if (found is null)
        {
            Report(name.Span, $"the entity type `{name.Name}` is not declared: expected one of the schema's entity types");
        }

        return found;
    }

    private static IEnumerable<string> Candidates(string name, string space) =>
        space.Length == 0 || name.Contains("::", StringComparison.Ordinal) ? [name] : [Names.Qualify(space, name), name];

    private RecordType Record(RawType type, string space)
    {
        var found = Type(type, space);
        if (found is RecordType record)
        {
            return record;
        }

        if (found is not NeverType)
        {
            Report(type.Span, $"expected a record, found {found}");
        }

        return RecordType.Empty;
    }

    private CedarType Type(RawType type, string space) => type switch
    {
        RawKnown known => known.Type,
        RawSet set => new SetType(Type(set.Element, space)),
        RawRecord record => new RecordType(new(record.Attributes.ToDictionary(attribute => attribute.Key, attribute => new AttributeType(Type(attribute.Value.Type, space), attribute.Value.IsRequired) { Annotations = attribute.Value.Annotations }), StringComparer.Ordinal)),
        RawReference reference => Reference(reference, space),
        _ => CedarType.Never,
    };

    private CedarType Reference(RawReference reference, string space)
    {
        foreach (var name in Candidates(reference.Name, space))
        {
            if (reference.MayBeCommon && common.ContainsKey(name))
            {
                return Common(name, reference.Span);
            }

            if (reference.MayBeEntity && entityTypes.Contains(name))
            {
                return new EntityType(string.Intern(name));
            }
        }

        var builtin = reference.Name.StartsWith($"{Names.Builtin}::", StringComparison.Ordinal) ? reference.Name[(Names.Builtin.Length + 2)..] : reference.Name;
        if (reference.MayBeCommon && Builtins.TryGetValue(builtin, out var known))
        {
            return known;
        }

        Report(reference.Span, $"the type `{reference.Name}` is not declared: expected a type of the schema, or Bool, Long, String, Set, decimal, ipaddr, datetime or duration");
        return CedarType.Never;
    }

    private CedarType Common(string name, Span from)
    {
        if (resolved.TryGetValue(name, out var type))
        {
            return type;
        }

        if (!resolving.Add(name))
        {
            Report(from, $"the type `{name}` contains itself: expected no cycle");
            return CedarType.Never;
        }

        type = Type(common[name].Type, common[name].Namespace);
        resolved[name] = type;
        return type;
    }
}
