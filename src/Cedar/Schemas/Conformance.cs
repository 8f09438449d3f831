namespace McpInfra.Cedar;

/// <summary>Whether values, entities and requests are as a schema says; gives what is wrong, as sentences.</summary>
internal static class Conformance
{
    public static IEnumerable<string> Of(Schema schema, Request request)
    {
        foreach (var (role, uid) in new[] { ("principal", request.Principal), ("resource", request.Resource) })
        {
            if (schema.Find(uid.Type) is not { } declared)
            {
                yield return $"the {role}'s type `{uid.Type}` is not declared";
            }
            else if (!declared.Allows(uid))
            {
                yield return $"the {role} is not one of the entities that `{uid.Type}` enumerates";
            }
        }

        if (schema.Find(request.Action) is not { } action)
        {
            yield return "the action is not declared";
            yield break;
        }

        if (!action.Principals.Contains(request.Principal.Type))
        {
            yield return $"a principal of type `{request.Principal.Type}` cannot do this action";
        }

        if (!action.Resources.Contains(request.Resource.Type))
        {
            yield return $"this action cannot be done on a resource of type `{request.Resource.Type}`";
        }

        foreach (var fault in Of(schema, Value.Of(request.Context), action.Context, "the context"))
        {
            yield return fault;
        }
    }

    public static IEnumerable<string> Of(Schema schema, Entity entity, EntityStore entities)
    {
        var uid = entity.Uid;
        if (uid.IsAction)
        {
            return OfAction(schema, entity, entities);
        }

        if (schema.Find(uid.Type) is not { } declared)
        {
            return [$"{uid}: the type `{uid.Type}` is not declared"];
        }

        IEnumerable<string> own = declared.Allows(uid) ? [] : [$"{uid}: not one of the entities that `{uid.Type}` enumerates"];
        var above = entities.Ancestors(entity).SelectMany(ancestor => OfAncestor(schema, uid, ancestor));
        var tags = declared.Tags is { } type
            ? entity.Tags.Values.SelectMany(tag => Of(schema, tag, type, $"{uid}: a tag"))
            : entity.Tags.Count > 0 ? [$"{uid}: the type `{uid.Type}` has no tags"] : [];
        return [.. own, .. Of(schema, Value.Of(entity.Attributes), declared.Attributes, uid.ToString()), .. above, .. tags];
    }

    private static IEnumerable<string> OfAction(Schema schema, Entity entity, EntityStore entities)
    {
        if (schema.Find(entity.Uid) is null)
        {
            return [$"{entity.Uid}: the action is not declared"];
        }

        var asDeclared = entity.Attributes.Count == 0 && entity.Tags.Count == 0
            && entities.Ancestors(entity).ToHashSet().SetEquals(schema.ActionEntities.Ancestors(schema.ActionEntities.Find(entity.Uid)!));
        return asDeclared ? [] : [$"{entity.Uid}: the action's groups, attributes or tags are not as the schema declares them"];
    }

    private static IEnumerable<string> OfAncestor(Schema schema, EntityUid uid, EntityUid ancestor) =>
        schema.Find(ancestor.Type)?.Descendants.Contains(uid.Type) == true ? OfReference(schema, ancestor, uid.ToString()) : [$"{uid}: one of type `{uid.Type}` cannot be in one of type `{ancestor.Type}`"];

    private static IEnumerable<string> OfReference(Schema schema, EntityUid uid, string where)
    {
        if (uid.IsAction ? schema.Find(uid) is null : schema.Find(uid.Type)?.Allows(uid) == false)
        {
            yield return $"{where}: {uid} is not one of the entities that the schema declares";
        }
    }

    private static IEnumerable<string> Of(Schema schema, Value value, CedarType type, string where) => (type, value.Kind) switch
    {
        (BooleanType, ValueKind.Boolean) => [],
        (ScalarType scalar, _) when scalar.Kind == value.Kind => [],
        (EntityType entity, ValueKind.Entity) when value.AsEntity().Type == entity.Name => OfReference(schema, value.AsEntity(), where),
        (SetType set, ValueKind.Set) => value.AsSet().Values.SelectMany(member => Of(schema, member, set.Element, $"{where}: a member")),
        (RecordType record, ValueKind.Record) => OfRecord(schema, value.AsRecord(), record, where),
        _ => [$"{where}: expected a value of type {type}"],
    };

    private static IEnumerable<string> OfRecord(Schema schema, CedarRecord record, RecordType type, string where)
    {
        foreach (var (name, attribute) in type.Attributes)
        {
            if (attribute.IsRequired && !record.Has(name))
            {
                yield return $"{where}: the required attribute `{name}` is missing";
            }
        }

        for (var index = 0; index < record.Count; index++)
        {
            var name = record.Names[index];
            var faults = type.Attributes.TryGetValue(name, out var attribute)
                ? Of(schema, record.Values[index], attribute.Type, $"{where}: `{name}`")
                : [$"{where}: the attribute `{name}` is not declared"];
            foreach (var fault in faults)
            {
                yield return fault;
            }
        }
    }
}
