namespace McpInfra.Cedar;

/// <summary>Entities in memory with their hierarchy worked out; immutable.</summary>
public sealed class EntityStore : IEntitySource
{
    /// <summary>Ancestors kept in all; past it a decision walks the parents, so that a long chain does not cost its square.</summary>
    private const int MaximumClosure = 8_000_000;

    private readonly Dictionary<EntityUid, Entity> byUid;

    private EntityStore(Dictionary<EntityUid, Entity> byUid) => this.byUid = byUid;

    /// <summary>No entities.</summary>
    public static EntityStore Empty { get; } = new([]);

    /// <summary>All entities.</summary>
    public IReadOnlyCollection<Entity> All => byUid.Values;

    /// <summary>Refuses two different entities of one name and a hierarchy with a cycle.</summary>
    public static Outcome<EntityStore> From(IEnumerable<Entity> entities, string name = "entities")
    {
        var byUid = new Dictionary<EntityUid, Entity>();
        var faults = new List<Fault>();
        foreach (var entity in entities)
        {
            if (!byUid.TryAdd(entity.Uid, entity) && !Same(byUid[entity.Uid], entity))
            {
                faults.Add(new Fault(name, 1, 1, $"two different entities are called {entity.Uid}"));
            }
        }

        return faults.Count > 0 ? new(faults) : Close(byUid, name);
    }

    /// <summary>Reads entities in JSON without a schema; names the faults of all of them.</summary>
    public static Outcome<EntityStore> Parse(string json, string name = "entities") =>
        EntityReader.Read(new JsonText(name, json), name, EntityReader.ReadUntyped);

    /// <summary>The entities in JSON.</summary>
    public string ToJson() => ValueWriter.Text(json => EntityWriter.Write(json, All));

    /// <inheritdoc />
    public Entity? Find(EntityUid uid) => byUid.GetValueOrDefault(uid);

    /// <summary>All entities that it is in, whether or not they are worked out.</summary>
    internal IReadOnlyCollection<EntityUid> Ancestors(Entity entity) =>
        entity.Ancestors ?? new Evaluation(new Request(entity.Uid, entity.Uid, entity.Uid, CedarRecord.Empty), this).Ancestors(entity.Uid);

    private static bool Same(Entity one, Entity other) =>
        one.Attributes.Equals(other.Attributes) && one.Tags.Equals(other.Tags) && one.Parents.ToHashSet().SetEquals(other.Parents);

    /// <summary>Parents before children, without recursion: a hierarchy may be deeper than a stack.</summary>
    private static Outcome<EntityStore> Close(Dictionary<EntityUid, Entity> byUid, string name)
    {
        var closed = new Dictionary<EntityUid, Entity>(byUid.Count);
        var entered = new HashSet<EntityUid>();
        var open = new Stack<Entity>();
        var room = MaximumClosure;
        foreach (var start in byUid.Values)
        {
            open.Push(start);
            while (open.TryPeek(out var entity))
            {
                if (closed.ContainsKey(entity.Uid))
                {
                    open.Pop();
                    continue;
                }

                var first = entered.Add(entity.Uid);
                var waiting = entity.Parents.Where(parent => byUid.ContainsKey(parent) && !closed.ContainsKey(parent)).ToList();
                if (waiting.Count == 0)
                {
                    closed.Add(entity.Uid, WithAncestors(entity, closed, ref room));
                    open.Pop();
                }
                else if (!first)
                {
                    return new([new Fault(name, 1, 1, $"the hierarchy has a cycle through {entity.Uid}")]);
                }
                else
                {
                    waiting.ForEach(parent => open.Push(byUid[parent]));
                }
            }
        }

        return new(new EntityStore(closed));
    }

    private static Entity WithAncestors(Entity entity, Dictionary<EntityUid, Entity> closed, ref int room)
    {
        if (entity.Parents.Count == 0)
        {
            return entity;
        }

        var ancestors = new HashSet<EntityUid>(entity.Parents);
        foreach (var parent in entity.Parents)
        {
            if (closed.TryGetValue(parent, out var above) && above.Parents.Count > 0)
            {
                if (above.Ancestors is null || above.Ancestors.Count > room)
                {
                    return entity;
                }

                ancestors.UnionWith(above.Ancestors);
            }
        }

        room -= ancestors.Count;
        return new(entity.Uid, entity.Attributes, entity.Parents, entity.Tags) { Ancestors = ancestors };
    }
}
