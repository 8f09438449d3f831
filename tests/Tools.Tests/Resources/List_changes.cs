using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Graph.Collectors;
using Xunit;
using static McpInfra.Tools.Tests.Resources.ScriptedEstate;

namespace McpInfra.Tools.Tests.Resources;

public sealed class List_changes : IDisposable
{
    private readonly ScriptedEstate estate = new();

    public void Dispose() => estate.Dispose();

    private Task LaterAsync(params Observation[] observations)
    {
        estate.Clock.Now += TimeSpan.FromHours(1);
        return estate.ScanAsync([.. observations, Whole]);
    }

    private static Observation Vpc(string name, string cidr = "10.0.0.0/16") => Seen(Named(name) with { Configuration = new JsonObject { ["Cidr"] = cidr } });

    [Fact]
    public async Task Tells_what_came_changed_and_went_and_relations_too()
    {
        await LaterAsync(Vpc("one"), Vpc("two"), Vpc("old"), Uses("one", "two"));
        await LaterAsync(Vpc("one", "10.1.0.0/16"), Vpc("two"), Vpc("new"), Uses("two", "one"));
        var text = await estate.TextAsync("list_changes", """{"since":"30m"}""");
        Assert.Contains("**1 appeared, 1 changed, 1 gone, 2 relations**", text, StringComparison.Ordinal);
        Assert.All(
            ["| appeared | AWS::EC2::VPC | new |", "| gone | AWS::EC2::VPC | old |", "was configuration.Cidr: 10.0.0.0/16\n  now configuration.Cidr: 10.1.0.0/16", "relation appeared | two (arn:two) USES one (arn:one)", "relation gone | one (arn:one) USES two (arn:two)"],
            told => Assert.Contains(told, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Says_that_all_counts_as_appeared_where_nothing_was_seen_before()
    {
        const string Told = "Nothing was seen before: all that a first scan saw counts as appeared.";
        await LaterAsync(Vpc("one"));
        Assert.Contains(Told, await estate.TextAsync("list_changes", """{"since":"30m"}"""), StringComparison.Ordinal);
        await LaterAsync(Vpc("one"), Vpc("two"));
        Assert.DoesNotContain(Told, await estate.TextAsync("list_changes", """{"since":"30m"}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Goes_on_by_its_cursor_until_all_is_told_once()
    {
        await LaterAsync([.. Enumerable.Range(0, 120).Select(number => Vpc($"vpc-{number}-{new string('x', 40)}"))]);
        var told = new List<string>();
        var cursor = "";
        do
        {
            var answer = await estate.AskAsync("list_changes", cursor.Length == 0 ? "{}" : JsonSerializer.Serialize(new { cursor }), structured: true);
            Assert.Equal(120, answer.Structured!["total"]!.GetValue<long>());
            told.AddRange(answer.Structured["changes"]!.AsArray().Select(change => change!["resource"]!["id"]!.GetValue<string>()));
            cursor = answer.Structured["cursor"]?.GetValue<string>() ?? "";
            Assert.Equal(cursor, CursorIn(Estate.Text(answer)));
        }
        while (cursor.Length > 0);
        Assert.Equal((120, 120), (told.Count, told.Distinct().Count()));
        Assert.True((await estate.AskAsync("list_changes", """{"cursor":"0123456789ab-1"}""")).IsFault);
    }

    [Fact]
    public async Task Shows_another_organisation_nothing()
    {
        await LaterAsync(Vpc("one"));
        Assert.StartsWith("No change was seen", await estate.TextAsync("list_changes", "{}", organization: "other"), StringComparison.Ordinal);
        var cursor = (await estate.AskAsync("list_changes", "{}", structured: true)).Structured!["cursor"];
        Assert.Null(cursor);
    }

    [Fact]
    public async Task Shows_no_secret_that_changed()
    {
        const string first = "hunter2-is-my-first-word", second = "correct-horse-battery-9";
        await LaterAsync(Seen(Named("one") with { Tags = new Dictionary<string, string> { ["db_password"] = first } }));
        await LaterAsync(Seen(Named("one") with { Tags = new Dictionary<string, string> { ["db_password"] = second } }));
        var text = await Estate.CleanedAsync(estate.Operations["list_changes"], "{}", structured: true);
        Assert.Contains("tags.db_password", text, StringComparison.Ordinal);
        Assert.All([first, second], secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_clocks_that_disagree_says_when_each_scan_saw_it_and_loses_nothing()
    {
        await LaterAsync(Vpc("one"));
        estate.Clock.Now -= TimeSpan.FromDays(2);
        await estate.ScanAsync("other-machine", [Vpc("two"), Whole]);
        estate.Clock.Now += TimeSpan.FromDays(2);
        var text = await estate.TextAsync("list_changes", "{}");
        Assert.Contains("2025-12-30 01:00Z | appeared | AWS::EC2::VPC | two", text, StringComparison.Ordinal);
        Assert.Contains("2026-01-01 01:00Z | appeared | AWS::EC2::VPC | one", text, StringComparison.Ordinal);
        estate.Clock.Now -= TimeSpan.FromDays(30);
        Assert.Contains("No change was seen", await estate.TextAsync("list_changes", """{"since":"1h","until":"2025-12-03"}"""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"since\":\"yesterday\"}", "since must be")]
    [InlineData("{\"until\":\"soon\"}", "until must be")]
    [InlineData("{\"since\":\"2026-02-01\",\"until\":\"2026-01-01\"}", "since must be before until")]
    public async Task Words_that_mean_nothing_are_faults_that_name_what_does(string arguments, string fault) =>
        Assert.StartsWith(fault, await estate.TextAsync("list_changes", arguments), StringComparison.Ordinal);
}
