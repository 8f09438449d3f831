using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using McpInfra.Graph;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Collectors.Costs;
using McpInfra.Graph.Scan;
using McpInfra.Guardrails;
using McpInfra.TestKit;
using McpInfra.Tools.Resources;
using Xunit;

namespace McpInfra.Tools.Tests.Resources;

public sealed partial class A_described_resource
{
    [Fact]
    public async Task Of_any_size_is_told_in_every_layer_in_under_a_thousand_tokens()
    {
        var folder = Directory.CreateTempSubdirectory("describe-test-").FullName;
        using (var kept = TestStore.In(folder))
        {
            var database = kept.Open(GraphSchema.Schema);
            await new Scanner(database, [new Hub()], null, TimeProvider.System).ScanAsync("acme", [new SourceSettings("cloud", "hub")], null, CancellationToken.None);
            var describe = ToolOperation.From<DescribeResource, DescribeResource.Args>(new DescribeResource(new Graphs(database, folder, TimeProvider.System), TimeProvider.System));
            var text = Estate.Text((await Estate.AskAsync(describe, """{"resource":"the-hub"}""")).Answer);
            Assert.InRange(Encoding.UTF8.GetByteCount(text), 2000, 3999);
            Assert.All(
                ["## Summary", "## Configuration", "## Relations (300)", "## Findings (40)", "with sections [relations]", "with sections [configuration]", "Everything, page by page"],
                wanted => Assert.Contains(wanted, text, StringComparison.Ordinal));
            var all = new StringBuilder();
            for (var cursor = Cursor().Match(text).Groups[1].Value; cursor.Length > 0; cursor = Cursor().Match(text).Groups[1].Value)
            {
                text = Estate.Text((await Estate.AskAsync(describe, JsonSerializer.Serialize(new { resource = "the-hub", cursor }))).Answer);
                all.Append(text);
            }

            Assert.All(Enumerable.Range(0, 80), fact => Assert.Contains($"fact-{fact}: ", all.ToString(), StringComparison.Ordinal));
            Assert.All(Enumerable.Range(0, 300), user => Assert.Contains($"| user-{user} |", all.ToString(), StringComparison.Ordinal));
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Tells_what_it_cost()
    {
        var folder = Directory.CreateTempSubdirectory("describe-test-").FullName;
        using (var kept = TestStore.In(folder))
        {
            var database = kept.Open(GraphSchema.Schema);
            var charges = Path.Combine(folder, "costs.csv");
            await File.WriteAllTextAsync(charges, "BilledCost,EffectiveCost,BillingCurrency,ChargePeriodStart,ChargePeriodEnd,ResourceId,ServiceName\n12.50,11.00,USD,2026-10-01T00:00:00Z,2026-10-31T00:00:00Z,id-the-hub,Amazon SQS\n");
            await new Scanner(database, [new Hub(), new FocusCollector()], null, TimeProvider.System).ScanAsync(
                "acme", [new SourceSettings("cloud", "hub"), new SourceSettings("bill", "focus") { Path = charges }], null, CancellationToken.None);
            var describe = ToolOperation.From<DescribeResource, DescribeResource.Args>(new DescribeResource(new Graphs(database, folder, TimeProvider.System), TimeProvider.System));
            Assert.Contains("2026-10 (2026-10-31) | Amazon SQS | 12.50 USD | 11.00 USD | bill", Estate.Text((await Estate.AskAsync(describe, """{"resource":"the-hub","sections":["costs"]}""")).Answer), StringComparison.Ordinal);
        }

        Directory.Delete(folder, recursive: true);
    }

    [GeneratedRegex("cursor `([^`]+)`")]
    private static partial Regex Cursor();

    private sealed class Hub : ICollector
    {
        public string Kind => "hub";

        public async IAsyncEnumerable<Observation> CollectAsync(SourceSettings source, [EnumeratorCancellation] CancellationToken stop)
        {
            await Task.CompletedTask;
            yield return new Observation.Seen(Named("the-hub") with { Configuration = new JsonObject(Enumerable.Range(0, 80).Select(fact => KeyValuePair.Create($"fact-{fact}", (JsonNode?)new string('x', 200)))) });
            for (var number = 0; number < 300; number++)
            {
                yield return new Observation.Seen(Named($"user-{number}"));
                yield return new Observation.Related(new Relation($"id-user-{number}", RelationType.Uses, "id-the-hub"));
            }

            for (var number = 0; number < 40; number++)
            {
                yield return new Observation.Found(new Finding { Id = $"f{number}", Rule = $"rule-{number}", Title = "It is open to everybody.", Severity = "high", Tool = "scanner", Resource = "id-the-hub" });
            }
        }

        private static Resource Named(string name) => new() { Id = $"id-{name}", Type = "AWS::EC2::VPC", Name = name, Provider = "aws" };
    }
}
