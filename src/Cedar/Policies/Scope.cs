namespace McpInfra.Cedar;

/// <summary>What a policy's head says of the principal, the action or the resource. Only an action's may name several entities.</summary>
internal sealed record Scope(Variable Variable, ScopeKind Kind, Span Span, string? Type = null, IReadOnlyList<EntityUid>? Named = null, bool HasSlot = false, bool IsList = false)
{
    public IReadOnlyList<EntityUid> Entities => Named ?? [];

    public Scope Bind(EntityUid entity) => HasSlot ? this with { Named = [entity], HasSlot = false } : this;

    public bool Matches(EntityUid uid, Evaluation evaluation)
    {
        switch (Kind)
        {
            case ScopeKind.Any: return true;
            case ScopeKind.Equal: return Entities[0].Equals(uid);
            case ScopeKind.Is: return string.Equals(uid.Type, Type);
            case ScopeKind.IsIn when !string.Equals(uid.Type, Type): return false;
        }

        for (var index = 0; index < Entities.Count; index++)
        {
            if (evaluation.IsIn(uid, Entities[index]))
            {
                return true;
            }
        }

        return false;
    }

    public override string ToString()
    {
        var name = Variable.ToString().ToLowerInvariant();
        var entity = HasSlot ? $"?{name}" : IsList ? $"[{string.Join(", ", Entities)}]" : (Entities.Count == 0 ? "" : Entities[0].ToString());
        return Kind switch
        {
            ScopeKind.Any => name,
            ScopeKind.Equal => $"{name} == {entity}",
            ScopeKind.In => $"{name} in {entity}",
            ScopeKind.Is => $"{name} is {Type}",
            _ => $"{name} is {Type} in {entity}",
        };
    }
}
