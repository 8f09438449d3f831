using System.Text.Json.Nodes;

namespace McpInfra.Benchmarks.TokenCost;

/// <summary>What an engineer asks.</summary>
/// <param name="Asked">In words.</param>
/// <param name="Tool">The operation that answers it.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Holds">What the answer must hold to be one: every resource that is asked for.</param>
/// <param name="Fetched">What a client without a graph would fetch for it, in words.</param>
/// <param name="Raw">The same as it goes over the wire.</param>
internal sealed record Question(string Asked, string Tool, object Arguments, string[] Holds, string Fetched, IEnumerable<string> Raw)
{
    private const string Database = "AWS::RDS::DBInstance", Group = "AWS::EC2::SecurityGroup", Function = "AWS::Lambda::Function", Service = "AWS::ECS::Service", Balancer = "AWS::ElasticLoadBalancingV2::LoadBalancer", Role = "AWS::IAM::Role", Queue = "AWS::SQS::Queue";

    /// <summary>The ten. Where an API can leave out what is not asked for, it is taken to.</summary>
    public static IReadOnlyList<Question> All(OrdersEstate before, OrdersEstate after)
    {
        var (database, group, service, balancer) = (OrdersEstate.Arn(Database, "orders-api", "prod"), OrdersEstate.Arn(Group, "orders-api", "prod"), OrdersEstate.Arn(Service, "orders-api", "prod"), OrdersEstate.Arn(Balancer, "orders-api", "prod"));
        string Databases() => ApiAnswers.Listing("DBInstances", after.Of(Database));
        string Services() => ApiAnswers.Listing("services", after.Of(Service));
        return
        [
            new("How many resources of each type has production?", "search_resources", new { environment = "prod", count_by = "type" }, ["280", Database],
                "the tagging API, by tag", [after.Tagged("prod")]),
            new("Which databases has team payments?", "search_resources", new { type = Database, tag = "team=payments" }, OrdersEstate.Names("payments"),
                "the tagging API, by tag and type", [after.Tagged(type: Database, team: "payments")]),
            new("All of the orders' database: settings, code, findings, cost", "describe_resource", new { resource = database }, ["aws_db_instance.main", "RDS.13", "412.37"],
                "DescribeDBInstances, GetFindings and Cost Explorer of it alone; its stack's state",
                [ApiAnswers.Listing("DBInstances", after.Of(Database, "orders-api", "prod")), Findings(after, finding => finding.Contains(database, StringComparison.Ordinal)), OrdersEstate.Cost(database), .. after.States("orders-api", "prod")]),
            new("What breaks if the orders' security group changes?", "trace_resources", new { resource = group }, [database, service, balancer, OrdersEstate.Arn(Function, "orders-api", "prod")],
                "what may name a group: services, functions, databases, load balancers", [Services(), Databases(), ApiAnswers.Listing("Functions", after.Of(Function)), ApiAnswers.Listing("LoadBalancers", after.Of(Balancer))]),
            new("What does the orders' service depend on?", "trace_resources", new { resource = service, direction = "depends_on" }, [database, group],
                "the service, its group, role, queue and database, each alone",
                [.. new[] { Service, Group, Role, Queue, Database }.Select(type => ApiAnswers.Listing("Items", after.Of(type, "orders-api", "prod")))]),
            new("How does the load balancer reach the database?", "trace_resources", new { resource = balancer, to = database, direction = "depends_on" }, [service],
                "the load balancer, services, databases", [ApiAnswers.Listing("LoadBalancers", after.Of(Balancer, "orders-api", "prod")), Services(), Databases()]),
            new("Which critical findings are open?", "search_findings", new { severity = "critical" }, ["RDS.2", .. after.Findings.Where(IsCritical).Select(finding => finding["Resources"]![0]!["Id"]!.GetValue<string>())],
                "GetFindings, critical alone", [ApiAnswers.Listing("Findings", after.Findings.Where(IsCritical))]),
            new("What changed since yesterday?", "list_changes", new { since = "1d" }, [.. OrdersEstate.Names(null, "api-events", "prod"), "42"],
                "AWS Config's history of what changed, before and after",
                [.. after.Of(Function, environment: "prod").Zip(before.Of(Function, environment: "prod")).Where(pair => pair.First.ToJsonString() != pair.Second.ToJsonString()).Select(pair => ApiAnswers.Listing("configurationItems", [pair.First, pair.Second]))]),
            new("Which databases are in no code?", "search_resources", new { type = Database, managed = false }, OrdersEstate.Names("observability"),
                "the tagging API, by type; every state", [after.Tagged(type: Database), .. after.States()]),
            new("How is the orders' database failed over?", "search_knowledge", new { query = "failing over the database of orders-api" }, ["orders-api.md"],
                "the one runbook, its name known", [OrdersEstate.Runbooks.First(page => page.Path == "runbooks/orders-api.md").Text]),
        ];
    }

    private static bool IsCritical(JsonObject finding) => finding["Severity"]!["Label"]!.GetValue<string>() == "CRITICAL";

    private static string Findings(OrdersEstate estate, Func<string, bool> wanted) => ApiAnswers.Listing("Findings", estate.Findings.Where(finding => wanted(finding.ToJsonString())));
}
