namespace McpInfra.Cedar;

/// <summary>What one decision works on: the request, the entities, and what was already fetched of them.</summary>
internal sealed class Evaluation(Request request, IEntitySource source)
{
    private readonly Dictionary<EntityUid, Entity?>? fetched = source is EntityStore ? null : [];
    private Dictionary<EntityUid, HashSet<EntityUid>>? walked;

    public Request Request { get; } = request;

    public Value Read(Variable variable) => variable switch
    {
        Variable.Principal => Value.Of(Request.Principal),
        Variable.Action => Value.Of(Request.Action),
        Variable.Resource => Value.Of(Request.Resource),
        _ => Value.Of(Request.Context),
    };

    public Entity? Find(EntityUid uid)
    {
        if (fetched is null)
        {
            return source.Find(uid);
        }

        if (!fetched.TryGetValue(uid, out var entity))
        {
            entity = source.Find(uid);
            fetched.Add(uid, entity);
        }

        return entity;
    }

    /// <summary>Whether the entity is the other or, through any parents, in it.</summary>
    public bool IsIn(EntityUid uid, EntityUid other) => uid.Equals(other) || Ancestors(uid).Contains(other);

    public HashSet<EntityUid> Ancestors(EntityUid uid)
    {
        var entity = Find(uid);
        if (entity is null || entity.Parents.Count == 0)
        {
            return None;
        }

        return entity.Ancestors ?? Walk(entity);
    }

    private static HashSet<EntityUid> None { get; } = [];

    private HashSet<EntityUid> Walk(Entity entity)
    {
        walked ??= [];
        if (!walked.TryGetValue(entity.Uid, out var ancestors))
        {
            ancestors = [];
            var open = new Stack<EntityUid>(entity.Parents);
            while (open.TryPop(out var next))
            {
                if (ancestors.Add(next) && Find(next) is { } parent)
                {
                    foreach (var above in parent.Parents)
                    {
                        open.Push(above);
                    }
                }
            }

            walked.Add(entity.Uid, ancestors);
        }

        return ancestors;
    }
}
