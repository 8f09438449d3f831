using System.Text.Json;
using McpInfra.Guardrails;
using McpInfra.TestKit;
using McpInfra.Tools.Resources;
using Xunit;

namespace McpInfra.Tools.Tests.Resources;

public sealed class Resource_tools(Estate estate)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private Operation Search => ToolOperation.From<SearchResources, SearchResources.Args>(new SearchResources(estate.Graphs, estate.Time));

    private Operation Describe => ToolOperation.From<DescribeResource, DescribeResource.Args>(new DescribeResource(estate.Graphs, estate.Time));

    private Operation Trace => ToolOperation.From<TraceResources, TraceResources.Args>(new TraceResources(estate.Graphs));

    private Operation Named(string name) => new[] { Search, Describe, Trace }.Single(operation => operation.Name == name);

    [Theory]
    [InlineData("search_resources", "{\"text\":\"export-\"}", "search.json")]
    [InlineData("search_resources", "{\"count_by\":\"tag:owner\"}", "count.json")]
    [InlineData("describe_resource", "{\"resource\":\"acme-customer-records\"}", "describe.json")]
    [InlineData("trace_resources", "{\"resource\":\"acme-customer-records\"}", "trace.json")]
    public async Task Structured_content_has_the_shapes_of_the_golden_files(string tool, string arguments, string file)
    {
        var (answer, _) = await Estate.AskAsync(Named(tool), arguments, structured: true);
        Golden.Is($"Resources/golden/{file}", answer.Structured!.ToJsonString(Indented));
    }

    [Theory]
    [InlineData("search_resources", "{\"findings\":true}", "search.md")]
    [InlineData("describe_resource", "{\"resource\":\"acme-customer-records\"}", "describe.md")]
    [InlineData("trace_resources", "{\"resource\":\"records-key\",\"direction\":\"impact\"}", "trace.md")]
    public async Task Answers_read_as_the_golden_files_say(string tool, string arguments, string file)
    {
        var (answer, _) = await Estate.AskAsync(Named(tool), arguments);
        Assert.Null(answer.Structured);
        Golden.Is($"Resources/golden/{file}", string.Join('\n', answer.Parts.Select(part => $"[{part.Trust}] {part.Text}")));
    }

    [Fact]
    public void Schemas_are_those_of_the_golden_file() => Golden.Is(
        "Resources/golden/schemas.json",
        JsonSerializer.Serialize(new[] { Search, Describe, Trace }.ToDictionary(operation => operation.Name, operation => new { operation.Description, operation.Schema }), Indented));

    [Fact]
    public async Task What_tenants_wrote_is_never_in_our_own_words()
    {
        foreach (var (tool, arguments) in new[]
        {
            ("search_resources", "{}"), ("search_resources", "{\"count_by\":\"tag:owner\"}"), ("describe_resource", "{\"resource\":\"acme-customer-records\"}"),
            ("trace_resources", "{\"resource\":\"acme-customer-records\"}"), ("trace_resources", "{\"resource\":\"records-key\",\"to\":\"acme-access-logs\"}"), ("describe_resource", "{\"resource\":\"acme-customer\"}"),
        })
        {
            var (answer, _) = await Estate.AskAsync(Named(tool), arguments);
            var own = string.Join('\n', answer.Parts.Where(part => part.Trust is Trust.Own).Select(part => part.Text));
            Assert.All(new[] { "acme-", "team-", "export", "terraform_data", "main.tf", "bucket-unencrypted" }, written => Assert.DoesNotContain(written, own, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Pages_are_disjoint_and_together_everything()
    {
        var (whole, _) = await Estate.AskAsync(Search, "{}", structured: true);
        var ids = new List<string>();
        string? cursor = null;
        do
        {
            var (page, _) = await Estate.AskAsync(Search, JsonSerializer.Serialize(cursor is null ? new { limit = 2 } : (object)new { limit = 2, cursor }), structured: true);
            ids.AddRange(page.Structured!["resources"]!.AsArray().Select(row => row!["id"]!.GetValue<string>()));
            cursor = page.Structured!["cursor"]?.GetValue<string>();
        }
        while (cursor is not null);
        Assert.Equal(whole.Structured!["resources"]!.AsArray().Select(row => row!["id"]!.GetValue<string>()), ids);
    }

    [Fact]
    public async Task A_cursor_of_another_query_is_a_clear_fault()
    {
        var (page, _) = await Estate.AskAsync(Search, "{\"limit\":1}", structured: true);
        var cursor = page.Structured!["cursor"]!.GetValue<string>();
        var (other, _) = await Estate.AskAsync(Search, JsonSerializer.Serialize(new { limit = 1, text = "export", cursor }));
        Assert.True(other.IsFault);
        Assert.Contains("cursor of another query", Estate.Text(other), StringComparison.Ordinal);
        var (made, _) = await Estate.AskAsync(Search, "{\"cursor\":\"made-up\"}");
        Assert.True(made.IsFault);
    }

    [Theory]
    [InlineData("{\"changed_since\":\"yesterday\"}", "changed_since must be")]
    [InlineData("{\"changed_since\":\"1/2/2026\"}", "changed_since must be")]
    [InlineData("{\"count_by\":\"colour\"}", "count_by must be")]
    [InlineData("{\"count_by\":\"tag:\"}", "count_by must be")]
    public async Task Words_that_mean_nothing_are_faults_that_name_what_does(string arguments, string fault)
    {
        var (answer, _) = await Estate.AskAsync(Search, arguments);
        Assert.True(answer.IsFault);
        Assert.StartsWith(fault, Estate.Text(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_described_resource_is_the_target_that_policies_see()
    {
        var (_, targets) = await Estate.AskAsync(Describe, "{\"resource\":\"acme-customer-records\"}");
        var target = Assert.Single(targets);
        Assert.Equal(("terraform_data", "prod", "team-payments", "personal"), (target.Type, target.Environment, target.Owner, target.Tags["data"]));
    }

    [Fact]
    public async Task What_is_not_found_comes_with_what_is_near()
    {
        var (answer, targets) = await Estate.AskAsync(Describe, "{\"resource\":\"acme-customer-recods\"}");
        Assert.True(answer.IsFault);
        Assert.Empty(targets);
        Assert.Contains("acme-customer-records", Estate.Text(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_names_every_relation_on_the_way()
    {
        var (answer, _) = await Estate.AskAsync(Trace, "{\"resource\":\"export-invoices\",\"to\":\"records-key\"}", structured: true);
        Assert.Equal(["nightly-export", "acme-access-logs", "records-key"], answer.Structured!["steps"]!.AsArray().Select(step => step!["resource"]!["name"]!.GetValue<string>()));
    }

    [Fact]
    public async Task The_past_of_what_was_not_there_is_not_invented()
    {
        var (answer, _) = await Estate.AskAsync(Describe, "{\"resource\":\"records-key\",\"at\":\"7d\"}");
        Assert.True(answer.IsFault);
        Assert.Contains("was not there at that time", Estate.Text(answer), StringComparison.Ordinal);
    }
}
