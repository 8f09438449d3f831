namespace McpInfra.Cedar;

/// <summary>The types of entities and actions of a world; what policies, requests and entities are validated against. Immutable.</summary>
public sealed class Schema
{
    private readonly Dictionary<string, EntityDeclaration> entityTypes;
    private readonly Dictionary<EntityUid, ActionDeclaration> actions;

    internal Schema(Dictionary<string, EntityDeclaration> entityTypes, Dictionary<EntityUid, ActionDeclaration> actions, EntityStore actionEntities) =>
        (this.entityTypes, this.actions, ActionEntities) = (entityTypes, actions, actionEntities);

    /// <summary>The actions as entities in their groups.</summary>
    public EntityStore ActionEntities { get; }

    /// <summary>The names of the declared entity types.</summary>
    public IReadOnlyCollection<string> EntityTypes => entityTypes.Keys;

    /// <summary>The declared actions, groups included.</summary>
    public IReadOnlyCollection<EntityUid> Actions => actions.Keys;

    internal IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Annotations { private get; init; } = new Dictionary<string, IReadOnlyDictionary<string, string>>();

    internal IEnumerable<EntityDeclaration> EntityDeclarations => entityTypes.Values;

    internal IEnumerable<ActionDeclaration> ActionDeclarations => actions.Values;

    internal IReadOnlyDictionary<string, string> AnnotationsOf(string name) => Annotations.GetValueOrDefault(name) ?? RawSchema.Unannotated;

    /// <summary>Reads a schema in Cedar syntax.</summary>
    public static Outcome<Schema> Parse(string text, string name = "schema")
    {
        var faults = new List<Fault>();
        var source = new SourceText(name, text);
        var raw = new SchemaParser(source).Parse(faults);
        return faults.Count > 0 ? new(faults) : new SchemaResolver(raw, source.Fault).Resolve();
    }

    /// <summary>Reads a schema in JSON.</summary>
    public static Outcome<Schema> ParseJson(string json, string name = "schema")
    {
        var text = new JsonText(name, json);
        var raw = text.Read(SchemaJsonReader.Read);
        return raw.Succeeded ? new SchemaResolver(raw.Value, (span, message) => text.At(Math.Max(0, span.Start), message)).Resolve() : new(raw.Faults);
    }

    /// <summary>The schema in Cedar syntax.</summary>
    public string Text => SchemaPrinter.Print(this);

    /// <summary>The schema in JSON.</summary>
    public string ToJson() => ValueWriter.Text(json => new SchemaJsonWriter(json).Write(this));

    /// <summary>Whether the policies can only do, on valid requests and entities, what the language allows: no attribute that may be missing, no wrong type.</summary>
    public ValidationReport Validate(PolicySet policies) => new PolicyValidator(this).Validate(policies);

    /// <summary>What is wrong with a request; nothing when it is valid.</summary>
    public IReadOnlyList<string> Validate(Request request) => [.. Conformance.Of(this, request)];

    /// <summary>What is wrong with entities; nothing when they are valid. Actions, where they are given, must be as declared.</summary>
    public IReadOnlyList<string> Validate(EntityStore entities) => [.. entities.All.SelectMany(entity => Conformance.Of(this, entity, entities))];

    /// <summary>Reads entities in JSON by their types, checks them, and adds the schema's actions.</summary>
    public Outcome<EntityStore> ParseEntities(string json, string name = "entities")
    {
        var text = new JsonText(name, json);
        var places = new Dictionary<EntityUid, int>();
        var read = EntityReader.Read(text, name, item =>
        {
            var entity = EntityReader.ReadTyped(item, this);
            places.TryAdd(entity.Uid, item.Offset);
            return entity;
        });
        if (!read.Succeeded)
        {
            return read;
        }

        var faults = read.Value.All.SelectMany(entity => Conformance.Of(this, entity, read.Value).Select(message => text.At(places[entity.Uid], message))).ToList();
        return faults.Count > 0 ? new(faults) : EntityStore.From(read.Value.All.Where(entity => !entity.Uid.IsAction).Concat(ActionEntities.All), name);
    }

    /// <summary>Reads a request's context in JSON by the types that the action declares.</summary>
    public Outcome<CedarRecord> ParseContext(string json, EntityUid action, string name = "context") => new JsonText(name, json).Read(item =>
        Find(action) is { } declared
            ? ValueReader.ReadRecord(item.Object("an object, the context"), declared.Context)
            : throw new JsonFault(item.Offset, $"the action {action} is not declared"));

    internal EntityDeclaration? Find(string entityType) => entityTypes.GetValueOrDefault(entityType);

    internal ActionDeclaration? Find(EntityUid action) => actions.GetValueOrDefault(action);

    internal bool IsKnown(string entityType) => Names.IsAction(entityType) || entityTypes.ContainsKey(entityType);

    /// <summary>The type and those whose entities can be in one of it.</summary>
    internal IEnumerable<string> Within(string entityType) => entityTypes.TryGetValue(entityType, out var declared) ? declared.Descendants.Append(entityType) : [entityType];

    /// <summary>The action is the other, or in its group.</summary>
    internal bool IsIn(EntityUid action, EntityUid group) => action.Equals(group) || ActionEntities.Find(action)?.Ancestors?.Contains(group) == true;
}
