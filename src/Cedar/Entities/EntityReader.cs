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

    public static List<EntityUid> Parents(JsonItem item) =>
        [.. item.Require("parents").Array("an array of entities").Items.Select(ValueReader.ReadUid).Distinct()];
}
