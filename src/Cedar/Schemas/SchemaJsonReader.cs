namespace McpInfra.Cedar;

/// <summary>Reads a schema in JSON: namespaces with `commonTypes`, `entityTypes` and `actions`.</summary>
internal static class SchemaJsonReader
{
    public static RawSchema Read(JsonItem item)
    {
        var schema = new RawSchema();
        foreach (var (name, body) in item.Object("an object of namespaces").Members)
        {
            if (name.Length > 0 && !Names.IsName(name))
            {
                throw new JsonFault(body.Offset, "expected a namespace's name such as `A::B`");
            }

            ReadNamespace(schema.Open(name), body.Object("an object, the namespace").Only("commonTypes", "entityTypes", "actions", "annotations"));
        }

        return schema;
    }

    private static Span At(JsonItem item) => new(item.Offset, 0);

    private static void ReadNamespace(RawNamespace into, JsonItem body)
    {
        into.Annotations = Annotations.Read(body);
        foreach (var (name, type) in body["commonTypes"]?.Object("an object of types").Members ?? [])
        {
            Usable(name, type);
            into.CommonTypes.Add(name, ReadType(type, "annotations"));
        }

        foreach (var (name, type) in body.Require("entityTypes").Object("an object of entity types").Members)
        {
            Usable(name, type);
            into.EntityTypes.Add(name, ReadEntityType(type.Object("an object, the entity type")));
        }

        foreach (var (name, action) in body.Require("actions").Object("an object of actions").Members)
        {
            into.Actions.Add(name, ReadAction(action.Object("an object, the action")));
        }
    }

    private static void Usable(string name, JsonItem item)
    {
        if (!Names.IsUsable(name))
        {
            throw new JsonFault(item.Offset, $"`{name}` cannot be the name of a type: expected an identifier that is not reserved");
        }
    }

    private static RawEntityType ReadEntityType(JsonItem item)
    {
        if (item["enum"] is { } ids)
        {
            item.Only("enum", "annotations");
            var choices = ids.Array("an array of ids").Items.Select(id => id.String("an entity's id, a string")).ToList();
            return choices.Count > 0 ? new(At(item), [], null, null, choices) { Annotations = Annotations.Read(item) } : throw new JsonFault(ids.Offset, "expected at least one id");
        }

        item.Only("memberOfTypes", "shape", "tags", "annotations");
        return new(At(item), ReadNames(item["memberOfTypes"]), item["shape"] is { } shape ? ReadType(shape, "annotations") : null, item["tags"] is { } tags ? ReadType(tags) : null, null) { Annotations = Annotations.Read(item) };
    }

    private static List<RawName> ReadNames(JsonItem? item) => [.. item?.Array("an array of entity types").Items.Select(ReadName) ?? []];

    private static RawName ReadName(JsonItem item)
    {
        var name = item.String("an entity type's name");
        return Names.IsName(name) ? new(name, At(item)) : throw new JsonFault(item.Offset, "expected an entity type's name such as `A::B`");
    }

    private static RawAction ReadAction(JsonItem item)
    {
        item.Only("appliesTo", "memberOf", "attributes", "annotations");
        if (item["attributes"] is { Members.Count: > 0 } attributes)
        {
            throw new JsonFault(attributes.Offset, "actions have no attributes: expected none");
        }

        var parents = item["memberOf"] is { IsArray: true } list ? list.Items.Select(ReadParent).ToList() : [];
        if (item["appliesTo"] is not { IsObject: true } applies)
        {
            return new(At(item), parents, [], [], null) { Annotations = Annotations.Read(item) };
        }

        applies.Only("principalTypes", "resourceTypes", "context");
        return new(At(item), parents, ReadNames(applies.Require("principalTypes")), ReadNames(applies.Require("resourceTypes")), applies["context"] is { } context ? ReadType(context) : null) { Annotations = Annotations.Read(item) };
    }

    private static (RawName? Type, string Id) ReadParent(JsonItem item)
    {
        item.Object("an object with `id`").Only("type", "id");
        return (item["type"] is { IsText: true } type ? ReadName(type) : null, item.Require("id").String("an action's id, a string"));
    }

    private static RawType ReadType(JsonItem item, params ReadOnlySpan<string> also)
    {
        var kind = item.Require("type").String("a type's name");
        switch (kind)
        {
            case "Long": return new RawKnown(At(item.Only(["type", .. also])), CedarType.Long);
            case "String": return new RawKnown(At(item.Only(["type", .. also])), CedarType.String);
            case "Boolean": return new RawKnown(At(item.Only(["type", .. also])), CedarType.Boolean);
            case "Set":
                item.Only(["type", "element", .. also]);
                return new RawSet(At(item), ReadType(item.Require("element")));
            case "Record":
                item.Only(["type", "attributes", "additionalAttributes", .. also]);
                return ReadRecord(item);
            case "Entity":
                item.Only(["type", "name", .. also]);
                return new RawReference(At(item), ReadName(item.Require("name")).Name, MayBeEntity: true, MayBeCommon: false);
            case "Extension":
                item.Only(["type", "name", .. also]);
                return new RawReference(At(item), $"{Names.Builtin}::{item.Require("name").String("an extension type's name")}", MayBeEntity: false, MayBeCommon: true);
            case "EntityOrCommon":
                item.Only(["type", "name", .. also]);
                return new RawReference(At(item), item.Require("name").String("a type's name"), MayBeEntity: true, MayBeCommon: true);
            default:
                item.Only(["type", .. also]);
                return new RawReference(At(item), kind, MayBeEntity: false, MayBeCommon: true);
        }
    }

    private static RawRecord ReadRecord(JsonItem item)
    {
        if (item["additionalAttributes"]?.Boolean("false") == true)
        {
            throw new JsonFault(item.Offset, "records with further attributes are not supported: expected `additionalAttributes` to be false");
        }

        var attributes = new Dictionary<string, RawAttribute>(StringComparer.Ordinal);
        foreach (var (name, type) in item["attributes"]?.Object("an object of attributes").Members ?? [])
        {
            attributes.Add(name, new(ReadType(type.Object("an object, the attribute's type"), "required", "annotations"), type["required"]?.Boolean("a boolean") ?? true, Annotations.Read(type)));
        }

        return new(At(item), attributes);
    }
}
