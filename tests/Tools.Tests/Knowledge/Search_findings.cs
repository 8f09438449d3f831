using System.Text.Json;
using McpInfra.Guardrails;
using McpInfra.Tools.Knowledge;
using McpInfra.Tools.Tests.Resources;
using Xunit;

namespace McpInfra.Tools.Tests.Knowledge;

public sealed class Search_findings(Estate estate)
{
    private Operation Search => ToolOperation.From<SearchFindings, SearchFindings.Args>(new SearchFindings(estate.Graphs));

    [Fact]
    public async Task Answers_as_the_golden_files_say() => Golden.Is("Knowledge/golden/findings", (await Estate.AskAsync(Search, "{}", structured: true)).Answer);

    [Fact]
    public void Has_the_schema_of_the_golden_file() => Golden.IsSchema("Knowledge/golden/findings-schema.json", Search);

    [Fact]
    public async Task Pages_are_disjoint_and_together_everything()
    {
        var (whole, _) = await Estate.AskAsync(Search, "{}", structured: true);
        var ids = new List<string>();
        string? cursor = null;
        do
        {
            var (page, _) = await Estate.AskAsync(Search, JsonSerializer.Serialize(cursor is null ? new { limit = 1 } : (object)new { limit = 1, cursor }), structured: true);
            ids.AddRange(page.Structured!["findings"]!.AsArray().Select(row => row!["id"]!.GetValue<string>()));
            cursor = page.Structured!["cursor"]?.GetValue<string>();
        }
        while (cursor is not null);
        Assert.Equal(whole.Structured!["findings"]!.AsArray().Select(row => row!["id"]!.GetValue<string>()), ids);
        Assert.InRange(ids.Count, 2, 100);
    }

    [Fact]
    public async Task A_resource_is_the_target_that_policies_see_and_bounds_what_is_found()
    {
        var (answer, targets) = await Estate.AskAsync(Search, "{\"resource\":\"acme-customer-records\"}", structured: true);
        Assert.Equal("prod", Assert.Single(targets).Environment);
        Assert.All(answer.Structured!["findings"]!.AsArray(), finding => Assert.Single(finding!["resources"]!.AsArray()));
        var (unknown, none) = await Estate.AskAsync(Search, "{\"resource\":\"no such thing\"}");
        Assert.True(unknown.IsFault);
        Assert.Empty(none);
    }

    [Theory]
    [InlineData("{\"severity\":\"grave\"}", "severity must be one of critical, high, medium, low, info")]
    [InlineData("{\"status\":\"closed\"}", "status must be one of open, suppressed, resolved, all")]
    [InlineData("{\"limit\":0}", "limit must be a whole number from 1 to 100")]
    [InlineData("{\"tool\":\"x\"}", "arguments has an unknown key; allowed are text, severity, status, framework, resource, limit, cursor")]
    public void Words_that_mean_nothing_are_faults_that_name_what_does(string arguments, string fault) =>
        Assert.Equal(fault, Search.Bind(JsonDocument.Parse(arguments).RootElement).Fault);
}
