using McpInfra.Graph;
using Xunit;
using static McpInfra.Tools.Tests.Resources.ScriptedEstate;

namespace McpInfra.Tools.Tests.Resources;

/// <summary>An answer with nothing in it says which of the arguments left nothing, and what to ask instead.</summary>
public sealed class An_empty_answer : IDisposable
{
    private readonly ScriptedEstate estate = new();

    public void Dispose() => estate.Dispose();

    private Task ScanAsync() => estate.ScanAsync(
        Seen(Named("network") with { Environment = "prod", Tags = new Dictionary<string, string> { ["team"] = "pay" } }), Seen(Named("machine", "AWS::EC2::Instance")), Uses("machine", "network"), Whole);

    [Theory]
    [InlineData("""{"region":"mars","provider":"aws"}""", "Nothing has that `region`; `count_by: region` lists what there is.")]
    [InlineData("""{"account":"999","text":"network"}""", "Nothing has that `account`; `count_by: account` lists what there is.")]
    [InlineData("""{"type":"AWS::S3::Buket"}""", "Nothing has that `type`; `count_by: type` lists what there is.")]
    [InlineData("""{"tag":"team=ops","environment":"prod"}""", "Nothing has that `tag`; `count_by: tag:KEY` lists what there is.")]
    [InlineData("""{"type":"AWS::EC2::Instance","environment":"prod"}""", "Try fewer filters.")]
    [InlineData("""{"text":"rocket","environment":"prod"}""", "Try fewer words or filters.")]
    public async Task Of_a_search_names_the_filter_that_leaves_nothing(string arguments, string said)
    {
        await ScanAsync();
        Assert.Contains($"No resource matches. {said} Graph as of", await estate.TextAsync("search_resources", arguments), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""["AWS::S3::Bucket"]""", "Nothing of these types is known to depend on it within 3 relations. Without `types` there is 1.")]
    [InlineData("""["SECURED_BY"]""", "Nothing of these types is known to depend on it within 3 relations. Without `types` there is 1.")]
    public async Task Of_a_trace_says_what_there_is_of_other_types(string types, string said)
    {
        await ScanAsync();
        Assert.Contains(said, await estate.TextAsync("trace_resources", $$"""{"resource":"network","types":{{types}}}"""), StringComparison.Ordinal);
        Assert.Contains("Nothing is known to depend on it within 3 relations. Graph as of", await estate.TextAsync("trace_resources", """{"resource":"machine"}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_sections_that_were_asked_for_names_those_of_which_nothing_is_known()
    {
        await ScanAsync();
        Assert.EndsWith("Nothing is known of its drift, costs.", await estate.TextAsync("describe_resource", """{"resource":"network","sections":["costs","relations","drift"]}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_changes_says_that_since_is_not_past() =>
        Assert.Equal("since must be in the past.", await estate.TextAsync("list_changes", """{"since":"2027-01-01"}"""));
}
