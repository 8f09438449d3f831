using System.Text.Json.Nodes;
using McpInfra.Graph;
using McpInfra.Graph.Collectors;
using Xunit;
using static McpInfra.Tools.Tests.Resources.ScriptedEstate;

namespace McpInfra.Tools.Tests.Resources;

public sealed class A_resource_of_the_past : IDisposable
{
    private readonly ScriptedEstate estate = new();

    public void Dispose() => estate.Dispose();

    private static Observation Orders(string owner, string engine) =>
        Seen(Named("orders", "AWS::RDS::DBInstance") with { Tags = new Dictionary<string, string> { ["owner"] = owner }, Configuration = new JsonObject { ["Engine"] = engine } });

    private static Observation Finding(string rule) => new Observation.Found(new Finding { Id = rule, Rule = rule, Title = "open", Severity = "high", Tool = "scanner", Resource = "arn:orders" });

    private static Observation AllFindings { get; } = new Observation.Complete(null, null, Graph.Finding.Scope);

    private async Task ThreeDaysAsync()
    {
        await estate.ScanAsync(Orders("ann", "mysql"), Seen(Named("web")), Seen(Named("job")), Seen(Named("vpc")), Uses("web", "orders"), Uses("job", "orders"), Finding("rule-one"), Whole, AllFindings);
        estate.Clock.Now += TimeSpan.FromDays(1);
        await estate.ScanAsync(Orders("bob", "postgres"), Seen(Named("web")), Seen(Named("vpc")), Uses("orders", "vpc"), Finding("rule-two"), Whole, AllFindings);
        await estate.ScanFileAsync("bill", "focus", "costs.csv", """
            BilledCost,EffectiveCost,BillingCurrency,ChargePeriodStart,ChargePeriodEnd,ResourceId,ServiceName
            12.50,11.00,USD,2025-12-01T00:00:00Z,2025-12-31T00:00:00Z,arn:orders,Amazon RDS
            99.00,98.00,USD,2026-02-01T00:00:00Z,2026-02-28T00:00:00Z,arn:orders,Amazon RDS
            """);
        estate.Clock.Now += TimeSpan.FromDays(60);
    }

    [Fact]
    public async Task Has_the_relations_findings_costs_and_owner_of_then()
    {
        await ThreeDaysAsync();
        var then = await estate.TextAsync("describe_resource", """{"resource":"orders","at":"2026-01-01T12:00:00Z"}""");
        Assert.All(["Engine: mysql", "tag owner=ann", "← USES | web", "← USES | job", "rule-one", "2025-12", "## Owner\nann"], told => Assert.Contains(told, then, StringComparison.Ordinal));
        Assert.All(["postgres", "bob", "| vpc |", "rule-two", "2026-02", "managed by", "as it is since"], told => Assert.DoesNotContain(told, then, StringComparison.Ordinal));
        var now = await estate.TextAsync("describe_resource", """{"resource":"orders"}""");
        Assert.All(["Engine: postgres", "→ USES | vpc", "rule-two", "2026-02", "## Owner\nbob"], told => Assert.Contains(told, now, StringComparison.Ordinal));
        Assert.All(["| web |", "| job |", "rule-one |"], told => Assert.DoesNotContain(told, now, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Says_plainly_what_is_not_kept()
    {
        await ThreeDaysAsync();
        var then = await estate.TextAsync("describe_resource", """{"resource":"orders","at":"2026-01-01T12:00:00Z"}""");
        Assert.Contains("Not kept of the past: code, drift, owners by file or catalogue.", then, StringComparison.Ordinal);
        Assert.Contains("Not kept of the past: code", await estate.TextAsync("describe_resource", """{"resource":"orders","at":"2026-01-01T12:00:00Z","sections":["code","drift"]}"""), StringComparison.Ordinal);
        Assert.Contains("was not there at that time", await estate.TextAsync("describe_resource", """{"resource":"orders","at":"2025-12-31"}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_is_gone_still_tells_what_it_was_related_to()
    {
        await ThreeDaysAsync();
        Assert.Contains("→ USES | orders", await estate.TextAsync("describe_resource", """{"resource":"arn:job","at":"2026-01-01T12:00:00Z"}"""), StringComparison.Ordinal);
    }
}
