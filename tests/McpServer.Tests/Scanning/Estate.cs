using System.Text.Json;
using McpInfra.Graph;
using McpInfra.Graph.Queries;
using McpInfra.Storage;
using McpInfra.TestKit;

namespace McpInfra.Host.Tests.Scanning;

/// <summary>A state of many queues, each tagged with a version.</summary>
internal static class Estate
{
    public const int Many = 1500;
    public const string Source = "sources: [ { name: state, kind: terraform-state, path: ./estate.tfstate } ]";

    public static string PathIn(Scanned scanned) => Path.Combine(scanned.Folder, "estate.tfstate");

    /// <summary>Writes as many queues, numbered from one on.</summary>
    public static void Write(Scanned scanned, int from, string version) => File.WriteAllText(PathIn(scanned), JsonSerializer.Serialize(new
    {
        version = 4, terraform_version = "1.11.4", serial = 7, lineage = "3f6b", outputs = new { },
        resources = Enumerable.Range(from, Many).Select(number => new
        {
            mode = "managed", type = "aws_sqs_queue", name = $"q{number}", provider = "provider[\"registry.terraform.io/hashicorp/aws\"]",
            instances = new[]
            {
                new
                {
                    schema_version = 0, sensitive_attributes = Array.Empty<string>(),
                    attributes = new { id = $"https://sqs/{number}", arn = $"arn:aws:sqs:us-east-1:123456789012:q{number}", name = $"q{number}", tags = new { version } },
                },
            },
        }),
    }));

    /// <summary>Queues in all and of each version, as whoever opens the store now sees them.</summary>
    public static (long Total, long First, long Second) Versions(TestStore store, Scanned scanned)
    {
        var graph = new Graphs(store.Open(GraphSchema.Schema), Path.Combine(scanned.Folder, "seen"), TimeProvider.System).For("acme");
        var totals = new[] { null, "version=first", "version=second" }.Select(tag => graph.Search(new SearchQuery { Type = "AWS::SQS::Queue", Tag = tag }).Total).ToList();
        return (totals[0], totals[1], totals[2]);
    }
}
