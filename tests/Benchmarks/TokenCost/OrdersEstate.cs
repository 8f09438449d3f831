using System.Text;
using System.Text.Json.Nodes;
using McpInfra.Graph;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Collectors.Documents;

namespace McpInfra.Benchmarks.TokenCost;

/// <summary>
/// An account of forty services in two environments: 560 resources, each with the answer of its API, a state for each service and environment, findings, costs and runbooks.
/// Of the observability services nothing is in a state.
/// </summary>
/// <param name="version">What the functions of production run.</param>
internal sealed class OrdersEstate(string version)
{
    public const string Account = "210987654321";
    private const string Region = "eu-west-1";

    private static readonly string[] Teams = ["payments", "orders", "catalogue", "shipping", "identity", "search", "billing", "observability"];
    private static readonly string[] Parts = ["api", "worker", "ledger", "import", "report"];
    private static readonly (string Control, string Severity, string Title)[] Controls =
    [
        ("RDS.2", "CRITICAL", "RDS DB Instances should prohibit public access"), ("RDS.5", "MEDIUM", "RDS DB instances should be configured with multiple Availability Zones"), ("RDS.13", "HIGH", "RDS automatic minor version upgrades should be enabled"),
    ];

    private readonly List<(Resource Resource, string Service, string Environment)> all = [.. Make(version)];

    public IEnumerable<Resource> Resources => all.Select(one => one.Resource);

    public IReadOnlyList<JsonObject> Findings { get; } = [.. MakeFindings()];

    public static IReadOnlyList<(string Path, string Text)> Runbooks { get; } = [.. Services().Select(service => ($"runbooks/{service}.md", Runbook(service)))];

    public static string Arn(string type, string service, string environment) => type switch
    {
        "AWS::IAM::Role" => $"arn:aws:iam::{Account}:role/{service}-{environment}",
        "AWS::EC2::SecurityGroup" => $"arn:aws:ec2:{Region}:{Account}:security-group/sg-{Id(service, environment)}",
        "AWS::Lambda::Function" => $"arn:aws:lambda:{Region}:{Account}:function:{service}-events-{environment}",
        "AWS::SQS::Queue" => $"arn:aws:sqs:{Region}:{Account}:{service}-{environment}",
        "AWS::RDS::DBInstance" => $"arn:aws:rds:{Region}:{Account}:db:{service}-{environment}",
        "AWS::ECS::Service" => $"arn:aws:ecs:{Region}:{Account}:service/{environment}/{service}",
        _ => $"arn:aws:elasticloadbalancing:{Region}:{Account}:loadbalancer/app/{service}-{environment}/50dc6c495c0c9188",
    };

    /// <summary>What APIs answer of resources.</summary>
    public IEnumerable<JsonObject> Of(string type, string? service = null, string? environment = null) =>
        all.Where(one => one.Resource.Type == type && (service ?? one.Service) == one.Service && (environment ?? one.Environment) == one.Environment).Select(one => one.Resource.Configuration);

    /// <summary>Names of a team, or of every one, of all parts and environments or of one.</summary>
    public static string[] Names(string? team, string? part = null, string? environment = null) =>
    [
        .. Teams.Where(one => (team ?? one) == one).SelectMany(one => (part is null ? Parts : [part]).SelectMany(of => (environment is null ? ["prod", "staging"] : new[] { environment }).Select(where => $"{one}-{of}-{where}"))),
    ];

    /// <summary>What the tagging API answers.</summary>
    public string Tagged(string? environment = null, string? type = null, string? team = null) => ApiAnswers.Listing("ResourceTagMappingList", Resources
        .Where(resource => (environment ?? resource.Environment) == resource.Environment && (type ?? resource.Type) == resource.Type && (team ?? resource.Tags["team"]) == resource.Tags["team"])
        .Select(resource => new JsonObject { ["ResourceARN"] = resource.Id, ["Tags"] = Tags(resource.Tags) }));

    /// <summary>The states of services, or of one. A resource's attributes are taken to be as long as what its API answers.</summary>
    public IEnumerable<string> States(string? service = null, string? environment = null) => all
        .Where(one => (service ?? one.Service) == one.Service && (environment ?? one.Environment) == one.Environment && IsManaged(one.Service))
        .GroupBy(one => (one.Service, one.Environment)).Select(state => new JsonObject
        {
            ["version"] = 4, ["terraform_version"] = "1.9.8", ["serial"] = 12, ["lineage"] = $"8f1c6f0e-2a70-0f6c-4f5e-{Id(state.Key.Service, state.Key.Environment)}", ["outputs"] = new JsonObject(),
            ["resources"] = new JsonArray([.. state.Select(one => new JsonObject
            {
                ["mode"] = "managed", ["type"] = Address(one.Resource), ["name"] = "main", ["provider"] = "provider[\"registry.terraform.io/hashicorp/aws\"]",
                ["instances"] = new JsonArray(new JsonObject { ["schema_version"] = 1, ["attributes"] = one.Resource.Configuration.DeepClone(), ["sensitive_attributes"] = new JsonArray(), ["private"] = "bnVsbA==" }),
            })]),
        }.ToJsonString());

    /// <summary>What the months's cost of a resource is, as Cost Explorer says it.</summary>
    public static string Cost(string arn) => new JsonObject
    {
        ["ResultsByTime"] = new JsonArray(new JsonObject
        {
            ["TimePeriod"] = new JsonObject { ["Start"] = "2025-12-01", ["End"] = "2026-01-01" }, ["Total"] = new JsonObject(), ["Estimated"] = false,
            ["Groups"] = new JsonArray(new JsonObject { ["Keys"] = new JsonArray(arn), ["Metrics"] = new JsonObject { ["UnblendedCost"] = new JsonObject { ["Amount"] = "412.37", ["Unit"] = "USD" } } }),
        }),
    }.ToJsonString();

    /// <summary>What a scan sees; findings come from a file.</summary>
    public IEnumerable<Observation> Seen()
    {
        foreach (var (resource, service, environment) in all)
        {
            yield return new Observation.Seen(resource);
            if (IsManaged(service))
            {
                yield return new Observation.ManagedBy(new Managed(resource.Id, $"{Address(resource)}.main", "terraform", $"{service}-{environment}"));
            }

            if (resource.Type == "AWS::RDS::DBInstance")
            {
                yield return new Observation.Charged(new Charge
                {
                    Resource = resource.Id, Service = "Amazon Relational Database Service", Account = Account, Region = Region, Currency = "USD",
                    Month = new DateOnly(2025, 12, 1), Until = new DateOnly(2026, 1, 1), Billed = 412.37m, Effective = 412.37m,
                });
            }

            foreach (var (type, other) in Uses(resource.Type))
            {
                yield return new Observation.Related(new Relation(resource.Id, type, Arn(other, service, environment)));
            }
        }

        foreach (var (path, text) in Runbooks)
        {
            var (title, passages) = Markdown.Read(Encoding.UTF8.GetBytes(text));
            yield return new Observation.Wrote(new Document("handbook", path, DocumentKind.Runbook, title!, passages));
        }

        yield return new Observation.Complete(null, null, "*");
    }

    private static (RelationType Type, string Other)[] Uses(string type) => type switch
    {
        "AWS::ECS::Service" => [(RelationType.SecuredBy, "AWS::EC2::SecurityGroup"), (RelationType.Assumes, "AWS::IAM::Role"), (RelationType.Uses, "AWS::SQS::Queue"), (RelationType.Uses, "AWS::RDS::DBInstance")],
        "AWS::Lambda::Function" => [(RelationType.SecuredBy, "AWS::EC2::SecurityGroup"), (RelationType.Assumes, "AWS::IAM::Role"), (RelationType.Uses, "AWS::SQS::Queue")],
        "AWS::RDS::DBInstance" => [(RelationType.SecuredBy, "AWS::EC2::SecurityGroup")],
        "AWS::ElasticLoadBalancingV2::LoadBalancer" => [(RelationType.SecuredBy, "AWS::EC2::SecurityGroup"), (RelationType.ConnectedTo, "AWS::ECS::Service")],
        _ => [],
    };

    private static IEnumerable<string> Services() => Teams.SelectMany(team => Parts.Select(part => $"{team}-{part}"));

    private static bool IsManaged(string service) => !service.StartsWith("observability", StringComparison.Ordinal);

    private static IEnumerable<(Resource Resource, string Service, string Environment)> Make(string version)
    {
        foreach (var service in Services())
        {
            foreach (var environment in new[] { "prod", "staging" })
            {
                foreach (var type in new[] { "AWS::EC2::SecurityGroup", "AWS::IAM::Role", "AWS::SQS::Queue", "AWS::RDS::DBInstance", "AWS::ECS::Service", "AWS::Lambda::Function", "AWS::ElasticLoadBalancingV2::LoadBalancer" })
                {
                    yield return (Resource(type, service, environment, environment == "prod" && service.EndsWith("api", StringComparison.Ordinal) ? version : "41"), service, environment);
                }
            }
        }
    }

    private static Resource Resource(string type, string service, string environment, string version)
    {
        var tags = new Dictionary<string, string> { ["team"] = service.Split('-')[0], ["service"] = service, ["environment"] = environment, ["cost-center"] = $"cc-{service.Length * 7}", ["managed-by"] = IsManaged(service) ? "terraform" : "console" };
        var arn = Arn(type, service, environment);
        var name = type switch { "AWS::Lambda::Function" => $"{service}-events-{environment}", _ => $"{service}-{environment}" };
        return new Resource
        {
            Id = arn, Type = type, Name = name, Provider = "aws", Account = Account, Region = type == "AWS::IAM::Role" ? null : Region, Environment = environment, Tags = tags,
            Configuration = ApiAnswers.Read(type.Replace("::", ".", StringComparison.Ordinal), new Dictionary<string, string>
            {
                ["arn"] = arn, ["id"] = Id(service, environment), ["service"] = service, ["environment"] = environment, ["env"] = environment[..1], ["account"] = Account, ["version"] = version,
            }, Tags(tags)),
        };
    }

    private static IEnumerable<JsonObject> MakeFindings()
    {
        foreach (var (service, at) in Services().Select((service, at) => (service, at)))
        {
            foreach (var (control, severity, title) in Controls.Where((_, control) => (at + control) % 3 == 0 || control == 2))
            {
                yield return ApiAnswers.Read("finding", new Dictionary<string, string>
                {
                    ["arn"] = Arn("AWS::RDS::DBInstance", service, "prod"), ["id"] = Id(service, control), ["account"] = Account, ["control"] = control, ["severity"] = severity, ["title"] = title,
                });
            }
        }
    }

    private static JsonArray Tags(IReadOnlyDictionary<string, string> tags) => [.. tags.Select(tag => new JsonObject { ["Key"] = tag.Key, ["Value"] = tag.Value })];

    private static string Address(Resource resource) => resource.Type switch
    {
        "AWS::EC2::SecurityGroup" => "aws_security_group", "AWS::IAM::Role" => "aws_iam_role", "AWS::SQS::Queue" => "aws_sqs_queue", "AWS::RDS::DBInstance" => "aws_db_instance",
        "AWS::ECS::Service" => "aws_ecs_service", "AWS::Lambda::Function" => "aws_lambda_function", _ => "aws_lb",
    };

    private static string Id(string service, string environment) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes($"{service}/{environment}")))[..17];

    private static string Runbook(string service) => $"""
        # {service}

        What {service} does, who is called, and what to do when it fails. Kept by the team; reviewed every quarter.

        ## Dashboards
        The overview of {service} shows requests, errors, latency and the depth of its queue. Alarms go to the team's channel first and to the person on call after five minutes.

        ## Deploying
        A merge to main is deployed to staging and, once its checks have passed, to production. To go back, revert the change and merge that; task definitions of the last ten versions are kept.

        ## Failing over the database of {service}
        1. Say in the channel that {service} will be read-only for two minutes.
        2. Reboot the instance with failover and wait until its status is available.
        3. Restart the tasks of {service}, for they keep their connections.
        4. Look at the dead letter queue, and send again what is in it.

        ## When the queue grows
        Look whether the database is slow before more tasks are started; a queue that grows while nobody writes means that one message fails again and again.
        """;
}
