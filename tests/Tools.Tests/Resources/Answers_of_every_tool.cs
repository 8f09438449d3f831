using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Graph;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Collectors.Documents;
using McpInfra.Guardrails;
using Xunit;
using static McpInfra.Tools.Tests.Resources.ScriptedEstate;

namespace McpInfra.Tools.Tests.Resources;

/// <summary>What holds of every tool that reads the graph.</summary>
public sealed class Answers_of_every_tool : IDisposable
{
    private const string Secretive = "quiet-orders";

    private readonly ScriptedEstate estate = new();

    public void Dispose() => estate.Dispose();

    public static TheoryData<string, string> Questions { get; } = new()
    {
        { "search_resources", "{}" },
        { "search_resources", """{"text":"quiet"}""" },
        { "search_resources", """{"count_by":"type"}""" },
        { "search_resources", """{"count_by":"tag:team"}""" },
        { "search_resources", """{"type":"AWS::Quiet::Type","count_by":"account"}""" },
        { "describe_resource", """{"resource":"quiet-orders"}""" },
        { "describe_resource", """{"resource":"quiet-order","at":"1h"}""" },
        { "trace_resources", """{"resource":"quiet-orders"}""" },
        { "trace_resources", """{"resource":"quiet-orders","to":"arn:quiet-user","direction":"both"}""" },
        { "list_changes", """{"since":"30d"}""" },
        { "search_findings", "{}" },
        { "search_findings", """{"text":"quiet","status":"all"}""" },
        { "search_findings", """{"resource":"quiet-orders"}""" },
        { "search_knowledge", """{"query":"quiet orders"}""" },
    };

    private Task ScanAsync() => estate.ScanAsync(
        Seen(Named(Secretive, "AWS::Quiet::Type") with { Tags = new Dictionary<string, string> { ["team"] = "quiet-team" } }),
        Seen(Named("quiet-user")), Uses("quiet-user", Secretive),
        new Observation.Found(new Finding { Id = "f", Rule = "quiet-rule", Title = "quiet orders are open", Severity = "high", Tool = "scanner", Resource = $"arn:{Secretive}" }),
        new Observation.Wrote(new Document("quiet-repository", "quiet.md", DocumentKind.Runbook, "Quiet orders", [new Passage("Quiet orders", 1, "quiet orders are kept")])),
        new Observation.Failed("eu-west-9", "sqs", "AWS::SQS::Queue", "throttled"));

    [Theory]
    [MemberData(nameof(Questions))]
    public async Task Show_another_organisation_nothing(string tool, string arguments)
    {
        await ScanAsync();
        await estate.ScanAsync("theirs", [Seen(Named("their-vpc")), Whole], organization: "other");
        var answer = await estate.AskAsync(tool, arguments, structured: true, organization: "other");
        Assert.DoesNotContain("quiet", (Estate.Text(answer) + answer.Structured?.ToJsonString()).ToLowerInvariant().Replace(JsonNode.Parse(arguments)!.ToJsonString(), "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("eu-west-9", Estate.Text(answer), StringComparison.Ordinal);
        Assert.Empty(estate.Graphs.For("other").Complete("quiet", 10));
        Assert.NotEmpty(estate.Graphs.For("acme").Complete("quiet", 10));
    }

    [Fact]
    public async Task Say_which_account_is_stale()
    {
        await estate.ScanAsync("cloud", [Seen(Named("a")), new Observation.Failed(null, "iam", "AWS::IAM::Role", "x") { Account = "1" }, new Observation.Failed(null, "sqs", "AWS::SQS::Queue", "x") { Account = "1" }, new Observation.Failed(null, "sqs", "AWS::SQS::Queue", "x") { Account = "2" }]);
        Assert.Contains("stale: AWS::IAM::Role of cloud (account 1), AWS::SQS::Queue of cloud (2 accounts).", Estate.Text(await estate.AskAsync("search_resources", "{}")), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Questions))]
    public async Task Say_what_is_stale_and_since_when_the_graph_is(string tool, string arguments)
    {
        await ScanAsync();
        var answer = await estate.AskAsync(tool, arguments);
        if (!answer.IsFault)
        {
            Assert.Contains("Graph as of 2026-01-01 00:00Z; stale: AWS::SQS::Queue eu-west-9 of cloud.", string.Join('\n', answer.Parts.Where(part => part.Trust is Trust.Own).Select(part => part.Text)), StringComparison.Ordinal);
        }
        else
        {
            Assert.Contains("quiet-order\"", arguments, StringComparison.Ordinal); // The one name that means nothing.
        }
    }

    [Theory]
    [InlineData("'; DROP TABLE graph_resource; --")]
    [InlineData("%_\\\"'`$1@id:x{}|\n# heading")]
    [InlineData("bidi \u202e and \u0007 bell ünïcødé 資源 🙂")]
    public async Task Stay_bounded_and_one_line_a_row_whatever_resources_are_called(string odd)
    {
        var long2K = odd + new string('x', 2048);
        var tags = Enumerable.Range(0, 500).ToDictionary(number => $"key-{number}", number => odd);
        var big = Named(Secretive) with { Id = long2K, Name = odd, Type = "Acme::Never/Heard.Of", Tags = tags, Configuration = new JsonObject { ["Text"] = new string('c', 5_000_000), [odd] = odd } };
        await estate.ScanAsync(Seen(big), Seen(Named("user")), new Observation.Related(new Relation("arn:user", RelationType.Uses, long2K)), new Observation.Related(new Relation(long2K, RelationType.Uses, "nothing")),
            new Observation.Related(new Relation(long2K, RelationType.Uses, "arn:user")));
        foreach (var (tool, arguments) in new[]
        {
            ("search_resources", "{}"), ("search_resources", """{"type":"acme::never/heard.of"}"""), ("describe_resource", JsonSerializer.Serialize(new { resource = long2K })),
            ("trace_resources", """{"resource":"arn:user","direction":"both"}"""), ("list_changes", "{}"),
        })
        {
            var text = await Estate.CleanedAsync(estate.Operations[tool], arguments);
            Assert.InRange(Encoding.UTF8.GetByteCount(text), 1, 8000);
            Assert.DoesNotContain("\n# heading", text, StringComparison.Ordinal);
            Assert.Contains("Acme::Never/Heard.Of", text, StringComparison.Ordinal);
        }

        var all = new StringBuilder();
        var cursor = "";
        do
        {
            var page = await Estate.CleanedAsync(estate.Operations["describe_resource"], JsonSerializer.Serialize(cursor.Length == 0 ? new { resource = long2K, sections = new[] { "summary" } } : (object)new { resource = long2K, sections = new[] { "summary" }, cursor }));
            all.Append(page);
            cursor = CursorIn(page);
        }
        while (cursor.Length > 0);
        Assert.All(Enumerable.Range(0, 500), number => Assert.Contains($"tag key-{number}=", all.ToString(), StringComparison.Ordinal));
    }
}
