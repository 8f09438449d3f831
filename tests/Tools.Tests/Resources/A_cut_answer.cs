using McpInfra.Graph;
using McpInfra.Graph.Collectors;
using Xunit;
using static McpInfra.Tools.Tests.Resources.ScriptedEstate;

namespace McpInfra.Tools.Tests.Resources;

/// <summary>Whatever an answer leaves out, it says how much that is and how to go on.</summary>
public sealed class A_cut_answer : IDisposable
{
    private readonly ScriptedEstate estate = new();

    public void Dispose() => estate.Dispose();

    private static string Numbered(string name, int number) => FormattableString.Invariant($"{name}-{number:0000}");

    [Fact]
    public async Task Of_a_trace_counts_all_by_type()
    {
        using var wide = new ScriptedEstate();
        await wide.ScanAsync([.. Enumerable.Range(0, 90).SelectMany(number => new[] { Seen(Named($"user-{number}-{new string('x', 60)}", number < 60 ? "AWS::EC2::Instance" : "AWS::SQS::Queue")), Uses($"user-{number}-{new string('x', 60)}", "hub") }), Seen(Named("hub")), Whole]);
        var text = await wide.TextAsync("trace_resources", """{"resource":"hub"}""");
        Assert.Contains("60 AWS::EC2::Instance | 30 AWS::SQS::Queue", text, StringComparison.Ordinal);
        Assert.Matches("[0-9]+ of 90 shown", text);
    }

    [Fact]
    public async Task Of_counts_says_how_many_values_there_are()
    {
        await estate.ScanAsync([.. Enumerable.Range(0, 40).Select(number => Seen(Named(Numbered("r", number), Numbered("AWS::T", number)))), Whole]);
        var text = await estate.TextAsync("search_resources", """{"count_by":"type"}""");
        Assert.Contains("**40 resources** by type: 40 values, 25 shown.", text, StringComparison.Ordinal);
        Assert.Contains("15 shown", await estate.TextAsync("search_resources", $$"""{"count_by":"type","cursor":"{{CursorIn(text)}}"}"""), StringComparison.Ordinal);
        Assert.Contains("**1 resource** by type. ", await estate.TextAsync("search_resources", """{"count_by":"type","text":"r-0001"}"""), StringComparison.Ordinal);
        Assert.Contains("**40 resources** by account. ", await estate.TextAsync("search_resources", """{"count_by":"account"}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_resource_that_has_very_many_relations_findings_and_costs_counts_them_all()
    {
        await estate.ScanAsync([
            Seen(Named("hub")), .. Enumerable.Range(0, 1200).SelectMany(number => new[] { Seen(Named(Numbered("user", number))), Uses(Numbered("user", number), "hub") }),
            .. Enumerable.Range(0, 230).Select(number => new Observation.Found(new Finding { Id = Numbered("f", number), Rule = Numbered("rule", number), Title = "open", Severity = "high", Tool = "scanner", Resource = "arn:hub" })),
            .. Enumerable.Range(0, 60).Select(number => new Observation.Charged(new Charge { Resource = "arn:hub", Service = Numbered("s", number), Currency = "USD", Month = new DateOnly(2025, 12, 1), Until = new DateOnly(2026, 1, 1), Billed = 1, Effective = 1 })), Whole]);
        var text = await estate.TextAsync("describe_resource", """{"resource":"hub"}""");
        Assert.Contains("## Relations (1200, of which 1000 are told here; trace_resources follows all)", text, StringComparison.Ordinal);
        Assert.Contains("## Findings (230, of which 200 are told here; search_findings with `resource` has all)", text, StringComparison.Ordinal);
        Assert.Contains("## Costs (60, of which 48 are told here; ", text, StringComparison.Ordinal);
        Assert.Contains("(1200, of which 1000 are told here", await estate.TextAsync("describe_resource", """{"resource":"hub","at":"2026-01-01"}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_names_that_many_have_says_that_there_are_more()
    {
        await estate.ScanAsync([.. Enumerable.Range(0, 12).Select(number => Seen(Named(Numbered("r", number)) with { Name = "same" })), Whole]);
        foreach (var (tool, argument) in new[] { ("describe_resource", "resource"), ("trace_resources", "resource"), ("search_findings", "resource") })
        {
            var text = await estate.TextAsync(tool, $$"""{"{{argument}}":"same"}""");
            Assert.Contains("Over 10 resources answer to", text, StringComparison.Ordinal);
            Assert.Contains("search_resources with `text` has them all", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("search_resources", "{}")]
    [InlineData("trace_resources", """{"resource":"arn:user","direction":"both"}""")]
    [InlineData("list_changes", "{}")]
    [InlineData("describe_resource", """{"resource":"arn:user","sections":["relations"]}""")]
    [InlineData("search_findings", "{}")]
    public async Task Cuts_no_id_for_with_it_one_goes_on(string tool, string arguments)
    {
        var id = $"/deep/{new string('x', 2040)}/{tool}|`";
        await estate.ScanAsync(
            Seen(Named("user")), Seen(Named("deep") with { Id = id }), new Observation.Related(new Relation("arn:user", RelationType.Uses, id)),
            new Observation.Found(new Finding { Id = "f", Rule = "open", Title = "open", Severity = "high", Tool = "scanner", Resource = id }), Whole);
        Assert.Contains(id, await estate.TextAsync(tool, arguments), StringComparison.Ordinal);
        Assert.Contains("name: deep", await estate.TextAsync("describe_resource", System.Text.Json.JsonSerializer.Serialize(new { resource = id })), StringComparison.Ordinal);
    }
}
