namespace McpInfra.Cedar.Tests.Differential;

/// <summary>A small world whose schema has every feature, entities in it, and requests about them. Half of the requests and entities break a rule.</summary>
internal static class GeneratedWorld
{
    public const string Schema = """
        type Address = { city?: String, zip: Long, tags: Set<String> };
        entity User in [Group] = { age: Long, name?: String, boss?: User, home: Address, ip?: ipaddr, limit?: decimal, joined: datetime, left?: duration, roles: Set<String>, friends: Set<User>, active: Bool } tags String;
        entity Group in [Group];
        namespace N {
          entity Doc in [Folder] = { owner: User, label?: { level: Long, note?: String }, sizes: Set<Long>, "odd name"?: Long } tags Set<Long>;
          entity Folder in [Folder];
          entity Color enum ["red", "green"];
          action read;
          action view, edit in [read] appliesTo { principal: [User, Group], resource: [Doc, Folder], context: { mfa?: Bool, n: Long, from?: ipaddr, at?: datetime, who?: User, list?: Set<Long> } };
          action paint appliesTo { principal: User, resource: Color };
        }
        """;

    public static readonly string[] Uids =
    [
        "User::\"a\"", "User::\"b\"", "User::\"ghost\"", "Group::\"g\"", "Group::\"h\"", "N::Doc::\"d\"", "N::Doc::\"e\"", "N::Folder::\"f\"", "N::Color::\"red\"", "N::Color::\"blue\"",
        "N::Action::\"view\"", "N::Action::\"edit\"", "N::Action::\"read\"", "N::Action::\"paint\"", "N::Action::\"ghost\"", "Ghost::\"x\"", "Action::\"view\"",
    ];

    public static EntityUid Uid(Random random, params ReadOnlySpan<string> types)
    {
        var among = types.ToArray();
        var fitting = among.Length == 0 ? Uids : [.. Uids.Where(uid => Starts(uid, among))];
        return Given.Uid(fitting[random.Next(fitting.Length)]);
    }

    private static bool Starts(string uid, string[] types) => types.Any(type => uid.StartsWith($"{type}::\"", StringComparison.Ordinal));

    public static EntityStore Entities(Random random)
    {
        Value Text() => Value.Of(Pools.Texts[random.Next(Pools.Texts.Length)]);
        Value Number() => Value.Of(Pools.DataNumbers[random.Next(Pools.DataNumbers.Length)]);
        Value Ip() => IpRange.TryParse(Pools.Ips[random.Next(Pools.Ips.Length)], out var range) ? Value.Of(range!) : Value.Of(1);
        CedarRecord Some(params (string Name, bool Required, Func<Value> Make)[] attributes) =>
            CedarRecord.From(attributes.Where(attribute => random.Next(attribute.Required ? 60 : 2) > 0).Select(attribute => KeyValuePair.Create(attribute.Name, random.Next(200) == 0 ? Text() : attribute.Make())));
        Value Set(Func<Value> make) => Value.Of(CedarSet.From(Enumerable.Range(0, random.Next(4)).Select(_ => make())));
        List<EntityUid> In(params string[] groups) => [.. groups.Where(_ => random.Next(2) == 0).Select(Given.Uid)];

        CedarRecord User() => Some(("age", true, Number), ("name", false, Text), ("boss", false, () => Value.Of(Uid(random, "User"))), ("home", true, () => Value.Of(Some(("city", false, Text), ("zip", true, Number), ("tags", true, () => Set(Text))))),
            ("ip", false, Ip), ("limit", false, () => Value.Decimal(random.Next(-20_000, 20_000))), ("joined", true, () => Value.DateTime(random.NextInt64(-4_000_000_000_000, 4_000_000_000_000))),
            ("left", false, () => Value.Duration(random.Next(-100_000_000, 100_000_000))), ("roles", true, () => Set(Text)), ("friends", true, () => Set(() => Value.Of(Uid(random, "User")))), ("active", true, () => Value.Of(random.Next(2) == 0)));
        CedarRecord Doc() => Some(("owner", true, () => Value.Of(Uid(random, "User"))), ("label", false, () => Value.Of(Some(("level", true, Number), ("note", false, Text)))), ("sizes", true, () => Set(Number)), ("odd name", false, Number));
        CedarRecord Tags(Func<Value> make) => Some(("x", false, make), ("y z", false, make));

        List<Entity> all =
        [
            new(Given.Uid("User::\"a\""), User(), In("Group::\"g\"", "Group::\"h\""), Tags(Text)),
            new(Given.Uid("User::\"b\""), User(), In("Group::\"h\""), Tags(Text)),
            new(Given.Uid("Group::\"g\""), parents: In("Group::\"h\"")),
            new(Given.Uid("N::Doc::\"d\""), Doc(), In("N::Folder::\"f\""), Tags(() => Set(Number))),
            new(Given.Uid("N::Folder::\"f\""), parents: random.Next(40) == 0 ? In("Group::\"h\"") : []),
            new(Given.Uid("N::Action::\"view\""), parents: [Given.Uid("N::Action::\"read\"")]),
            new(Given.Uid("N::Action::\"read\"")),
        ];
        return EntityStore.From(all.Where(_ => random.Next(12) > 0)).Require();
    }

    public static Request Request(Random random)
    {
        var wild = random.Next(10) == 0;
        var paints = random.Next(4) == 0;
        var context = new List<(string, Value)>();
        if (!paints || wild)
        {
            context.Add(("n", Value.Of(Pools.DataNumbers[random.Next(Pools.DataNumbers.Length)])));
            if (random.Next(2) == 0)
            {
                context.Add(("mfa", Value.Of(random.Next(2) == 0)));
                context.Add(("who", Value.Of(Uid(random, "User"))));
                context.Add(("list", Value.SetOf(Value.Of(1), Value.Of(random.Next(3)))));
            }

            if (random.Next(2) == 0 && IpRange.TryParse(Pools.Ips[random.Next(Pools.Ips.Length)], out var from))
            {
                context.Add(("from", Value.Of(from!)));
                context.Add(("at", Value.DateTime(random.NextInt64(-4_000_000_000_000, 4_000_000_000_000))));
            }
        }

        return wild
            ? new(Uid(random), Uid(random, "N::Action", "Action"), Uid(random), Given.Record([.. context]))
            : paints
                ? new(Uid(random, "User"), Given.Uid("N::Action::\"paint\""), Uid(random, "N::Color"), Given.Record())
                : new(Uid(random, "User", "Group"), Given.Uid(random.Next(2) == 0 ? "N::Action::\"view\"" : "N::Action::\"edit\""), Uid(random, "N::Doc", "N::Folder"), Given.Record([.. context]));
    }
}
