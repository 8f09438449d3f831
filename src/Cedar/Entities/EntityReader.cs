namespace McpInfra.Cedar;

/// <summary>Reads entities in JSON: an array of `{uid, attrs, parents, tags}`.</summary>
internal static class EntityReader
{
    public static Outcome<EntityStore> Read(JsonText text, string name, Func<JsonItem, Entity> read)
    {
        var entities = new List<Entity>();
        var faults = text.ReadEach("an array of entities", item => entities.Add(read(item)));
        return faults.Count > 0 ? new(faults) : EntityStore.From(entities, name);
    }

    /// <summary>An entity of which no schema says what its attributes are.</summary>
    public static Entity ReadUntyped(JsonItem item)
    {
        var uid = ValueReader.ReadUid(item.Require("uid"));
        var attributes = item.Require("attrs").Object("an object, the attributes");
        return new(uid, ValueReader.ReadRecord(attributes, null), Parents(item), item["tags"] is { } tags ? ValueReader.ReadRecord(tags.Object("an object, the tags"), null) : null);
    }

    /// <summary>An entity of which the schema says what its attributes and tags are.</summary>
    public static Entity ReadTyped(JsonItem item, Schema schema)
    {
        var uid = ValueReader.ReadUid(item.Require("uid"));
        if (uid.IsAction)
        {
            return ReadUntyped(item);
        }

        var declared = schema.Find(uid.Type) ?? throw new JsonFault(item.Offset, $"the entity type `{uid.Type}` is not declared: expected one of the schema's");
        var attributes = ValueReader.ReadRecord(item.Require("attrs").Object("an object, the attributes"), declared.Attributes);
        var tags = item["tags"]?.Object("an object, the tags").Members.Select(tag => KeyValuePair.Create(tag.Name, ValueReader.Read(tag.Value, declared.Tags)));
        return new(uid, attributes, Parents(item), tags is null ? null : CedarRecord.From(tags));
    }

    private static List<EntityUid> Parents(JsonItem item) =>
        [.. item.Require("parents").Array("an array of entities").Items.Select(ValueReader.ReadUid).Distinct()];
}
