namespace McpInfra.Cedar.Tests.Differential;

/// <summary>A schema made at random with entities, requests and policies that follow it.</summary>
internal sealed class RandomWorld : IWorld
{
    private static readonly string[] Ids = ["x", "y", "ghost"];
    private readonly Random random;
    private readonly Schema schema;

    public RandomWorld(Random random)
    {
        this.random = random;
        SchemaText = new RandomSchema(random).Text();
        schema = Schema.Parse(SchemaText).Require();
    }

    public string SchemaText { get; }

    public EntityStore Entities()
    {
        var declared = schema.EntityDeclarations.Where(type => type.Ids is null).ToList();
        var all = declared.SelectMany((type, index) => Ids[..2].Select((id, number) => (Type: type, Uid: new EntityUid(type.Name, id), Place: (number * declared.Count) + index))).OrderBy(entity => entity.Place).ToList();
        var made = all.Select(entity => new Entity(
            entity.Uid,
            (CedarRecord)Record(entity.Type.Attributes),
            // Parents come later in the order, so that there is no cycle.
            [.. all.Where(above => above.Place > entity.Place && (above.Type.Descendants.Contains(entity.Type.Name) || random.Next(60) == 0) && random.Next(2) == 0).Select(above => above.Uid)],
            entity.Type.Tags is { } tags ? Record(new RecordType(new(new Dictionary<string, AttributeType> { ["x"] = new(tags, false), ["y z"] = new(tags, false) }, StringComparer.Ordinal))) : null));
        return EntityStore.From([.. made.Where(_ => random.Next(12) > 0), .. schema.ActionEntities.All]).Require();
    }

    public Request Request()
    {
        var action = Action();
        var wild = random.Next(12) == 0;
        return new(
            Uid(wild || action.Principals.Count == 0 ? AnyType() : One(action.Principals)),
            action.Uid,
            Uid(wild || action.Resources.Count == 0 ? AnyType() : One(action.Resources)),
            Record(action.Context));
    }

    public string Policy()
    {
        var action = Action();
        var principal = action.Principals.Count == 0 ? AnyType() : One(action.Principals);
        var resource = action.Resources.Count == 0 ? AnyType() : One(action.Resources);
        var writer = new RandomExpression(random, schema, Uid, principal, resource, action);
        var conditions = string.Concat(Enumerable.Range(0, random.Next(1, 3)).Select(_ => $" {(random.Next(3) == 0 ? "unless" : "when")} {{ {writer.Of(CedarType.Boolean, 4)} }}"));
        var acts = random.Next(5) switch
        {
            0 => "action",
            1 when action.Parents.Count > 0 => $"action in {action.Parents[0]}",
            2 => $"action in [{action.Uid}, {Action().Uid}]",
            _ => $"action == {action.Uid}",
        };
        return $"{(random.Next(3) == 0 ? "forbid" : "permit")}({Scope("principal", principal)}, {acts}, {Scope("resource", resource)}){conditions};";
    }

    private string Scope(string variable, string type) => random.Next(9) switch
    {
        < 2 => variable,
        < 6 => $"{variable} is {type}",
        6 => $"{variable} == {Uid(type)}",
        7 => $"{variable} in {Uid(AnyType())}",
        _ => $"{variable} is {type} in {Uid(AnyType())}",
    };

    private T One<T>(IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    private ActionDeclaration Action() => One(schema.ActionDeclarations.Where(action => action.Principals.Count > 0 || random.Next(10) == 0).DefaultIfEmpty(schema.ActionDeclarations.First()).ToList());

    private string AnyType() => random.Next(30) == 0 ? "Ghost" : One(schema.EntityDeclarations.Select(type => type.Name).ToList());

    private EntityUid Uid(string type) => new(type, schema.Find(type)?.Ids is { } ids && random.Next(20) > 0 ? One(ids) : One(Ids));

    private CedarRecord Record(RecordType type) => CedarRecord.From(type.Attributes
        .Where(attribute => random.Next(attribute.Value.IsRequired ? 60 : 2) > 0)
        .Select(attribute => KeyValuePair.Create(attribute.Key, random.Next(200) == 0 ? Value.Of("other") : Of(attribute.Value.Type))));

    private Value Of(CedarType type) => type switch
    {
        BooleanType => Value.Of(random.Next(2) == 0),
        EntityType entity => Value.Of(Uid(entity.Name)),
        SetType set => Value.Of(CedarSet.From(Enumerable.Range(0, random.Next(4)).Select(_ => Of(set.Element)))),
        RecordType record => Value.Of(Record(record)),
        ScalarType scalar => Pools.Data(scalar.Kind, random),
        _ => Value.Of(0),
    };
}
