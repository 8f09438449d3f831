using System.Globalization;
using System.Text;
using McpInfra.Cedar;

namespace McpInfra.Benchmarks.Cedar;

/// <summary>Policies as platform teams write them, over 10,000 entities: agents in teams, resources in accounts of environments.</summary>
internal static class Estate
{
    public const string SchemaText = """
        entity Agent in [Team] = { kind: String, person?: Person };
        entity Person;
        entity Team;
        entity Resource in [Account] = { type: String, owner: Team, managed: Bool, region: String } tags String;
        entity Account in [Environment];
        entity Environment;
        action read, change;
        action search, describe in [read] appliesTo { principal: Agent, resource: Resource, context: { deletes: Long, cost: decimal, hour: Long } };
        action plan, propose in [change] appliesTo { principal: Agent, resource: Resource, context: { deletes: Long, cost: decimal, hour: Long } };
        """;

    private const int Resources = 8_000;
    private const int Agents = 1_800;
    private const int Teams = 100;
    private const int Accounts = 80;

    private static readonly string[] Types = ["AWS::S3::Bucket", "AWS::EC2::Instance", "AWS::RDS::DBInstance", "AWS::IAM::Role"];
    private static readonly string[] Actions = ["search", "describe", "plan", "propose"];

    /// <summary>So many policies, of ten kinds.</summary>
    public static string Policies(int count)
    {
        var text = new StringBuilder();
        for (var index = 0; index < count; index++)
        {
            var (team, account) = (index % Teams, index * 7 % Accounts);
            text.Append(CultureInfo.InvariantCulture, $"@id(\"p{index}\")\n");
            text.AppendLine((index % 10) switch
            {
                0 => $"permit (principal in Team::\"t{team}\", action in Action::\"read\", resource);",
                1 => $"permit (principal in Team::\"t{team}\", action == Action::\"plan\", resource in Account::\"a{account}\") when {{ resource.managed }};",
                2 => $"permit (principal, action == Action::\"propose\", resource in Account::\"a{account}\") when {{ resource.owner == Team::\"t{team}\" && context.deletes == 0 }};",
                3 => $"forbid (principal, action in Action::\"change\", resource in Account::\"a{account}\") when {{ context.deletes > 0 && resource.type like \"AWS::RDS::*\" }};",
                4 => $"forbid (principal in Team::\"t{team}\", action, resource) when {{ resource.hasTag(\"freeze\") && resource.getTag(\"freeze\") == \"yes\" }};",
                5 => $"permit (principal == Agent::\"g{index % Agents}\", action, resource in Environment::\"e{index % 4}\") unless {{ context.cost.greaterThan(decimal(\"500.0\")) }};",
                6 => $"forbid (principal is Agent in Team::\"t{team}\", action == Action::\"propose\", resource) when {{ context.hour < 8 || context.hour > 18 }};",
                7 => $"permit (principal in Team::\"t{team}\", action in [Action::\"search\", Action::\"describe\"], resource in Account::\"a{account}\") when {{ [\"eu-west-1\", \"eu-central-1\"].contains(resource.region) }};",
                8 => $"forbid (principal, action == Action::\"plan\", resource == Resource::\"r{index * 13 % Resources}\");",
                _ => $"permit (principal, action == Action::\"describe\", resource in Account::\"a{account}\") when {{ principal has person && principal.kind == \"reviewer\" }};",
            });
        }

        return text.ToString();
    }

    /// <summary>10,000 entities and the schema's actions.</summary>
    public static List<Entity> Entities(Schema schema)
    {
        var all = schema.ActionEntities.All.ToList();
        all.AddRange(Enumerable.Range(0, 4).Select(index => new Entity(new("Environment", $"e{index}"))));
        all.AddRange(Enumerable.Range(0, Accounts).Select(index => new Entity(new("Account", $"a{index}"), parents: [new("Environment", $"e{index % 4}")])));
        all.AddRange(Enumerable.Range(0, Teams).Select(index => new Entity(new("Team", $"t{index}"))));
        all.AddRange(Enumerable.Range(0, Agents).Select(index => new Entity(new("Agent", $"g{index}"),
            Record(("kind", Value.Of(index % 3 == 0 ? "reviewer" : "planner")), ("person", Value.Of(new EntityUid("Person", $"p{index}")))),
            [new("Team", $"t{index % Teams}"), new("Team", $"t{index * 3 % Teams}")])));
        all.AddRange(Enumerable.Range(0, Resources).Select(index => new Entity(new("Resource", $"r{index}"),
            Record(("type", Value.Of(Types[index % Types.Length])), ("owner", Value.Of(new EntityUid("Team", $"t{index % Teams}"))), ("managed", Value.Of(index % 2 == 0)), ("region", Value.Of(index % 3 == 0 ? "eu-west-1" : "us-east-1"))),
            [new("Account", $"a{index % Accounts}")],
            Record(("freeze", Value.Of(index % 50 == 0 ? "yes" : "no"))))));
        return all;
    }

    /// <summary>A request about some of them.</summary>
    public static Request Request(Random random) => new(
        new("Agent", $"g{random.Next(Agents)}"), new("Action", Actions[random.Next(Actions.Length)]), new("Resource", $"r{random.Next(Resources)}"),
        Record(("deletes", Value.Of(random.Next(3))), ("cost", Value.Decimal(random.Next(0, 10_000_000))), ("hour", Value.Of(random.Next(24)))));

    private static CedarRecord Record(params (string Name, Value Value)[] attributes) =>
        CedarRecord.From(attributes.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)));
}
