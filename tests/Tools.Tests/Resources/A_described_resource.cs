using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Graph;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Correlation;
using Microsoft.ML.Tokenizers;
using Xunit;
using static McpInfra.Tools.Tests.Resources.ScriptedEstate;

namespace McpInfra.Tools.Tests.Resources;

public sealed class A_described_resource : IDisposable
{
    private static readonly Tokenizer Tokens = TiktokenTokenizer.CreateForEncoding("o200k_base");

    private readonly ScriptedEstate estate = new();

    public void Dispose() => estate.Dispose();

    private Task<string> DescribeAsync(object arguments) => Estate.CleanedAsync(estate.Operations["describe_resource"], JsonSerializer.Serialize(arguments));

    [Fact]
    public async Task Of_any_size_is_told_in_every_layer_in_under_a_thousand_tokens()
    {
        await HubAsync();
        var text = await DescribeAsync(new { resource = "the-hub" });
        Assert.InRange(Tokens.CountTokens(text), 500, 999);
        Assert.InRange(Encoding.UTF8.GetByteCount(text), 2000, 3999);
        Assert.All(
            ["## Summary", "## Configuration", "## Relations (300)", "main.tf:3", "## Drift (2 of", "cloud delay_seconds: 9", "## Findings (40)", "## Costs", "12.50 USD", "## Owner", "@acme/payments", "with sections [relations]", "with sections [configuration]", "Everything, page by page"],
            wanted => Assert.Contains(wanted, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task That_is_all_ids_and_numbers_takes_under_a_thousand_tokens_too()
    {
        await HubAsync(number => $$"""[{"Id":"subnet-{{Dense(number)}}","Arn":"arn:aws:ec2:eu-west-1:210987654321:subnet/subnet-{{Dense(number)}}","At":"2026-01-31T08:{{number:00}}:00Z"}]""", Dense);
        var text = await DescribeAsync(new { resource = "the-hub" });
        Assert.InRange(Tokens.CountTokens(text), 500, 999);
        Assert.All(["## Configuration", "## Relations (300)", "main.tf:3", "## Drift (2 of", "## Findings (40)", "12.50 USD", "@acme/payments"], wanted => Assert.Contains(wanted, text, StringComparison.Ordinal));

        static string Dense(int number) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{number}")))[..17];
    }

    [Fact]
    public async Task Says_of_which_layers_nothing_is_known()
    {
        await estate.ScanAsync(Seen(Named("alone")), Whole);
        Assert.EndsWith("Nothing is known of its configuration, relations, code, drift, findings, costs, owner.", (await DescribeAsync(new { resource = "alone" })).TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_was_cut_says_by_how_much_and_its_cursor_leads_through_everything()
    {
        await HubAsync();
        var text = await DescribeAsync(new { resource = "the-hub" });
        Assert.Matches("[0-9]+ more lines: the same call with sections \\[relations\\]", text);
        var all = new StringBuilder();
        for (var cursor = CursorIn(text); cursor.Length > 0; cursor = CursorIn(text))
        {
            text = await DescribeAsync(new { resource = "the-hub", cursor });
            Assert.InRange(Encoding.UTF8.GetByteCount(text), 1, 8000);
            all.Append(text);
        }

        Assert.All(Enumerable.Range(0, 80), fact => Assert.Contains($"fact-{fact}: ", all.ToString(), StringComparison.Ordinal));
        Assert.All(Enumerable.Range(0, 300), user => Assert.Contains($"| user-{user} |", all.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_long_values_says_how_many_characters_it_left_out_and_its_section_tells_them_whole()
    {
        var policy = string.Join(", ", Enumerable.Range(0, 500).Select(number => $"statement-{number}"));
        await estate.ScanAsync(Seen(Named("long") with { Configuration = new JsonObject { ["Policy"] = policy }, Tags = new Dictionary<string, string> { ["note"] = new('n', 301) } }), Whole);
        var text = await DescribeAsync(new { resource = "long" });
        var leftOut = "Policy: ".Length + policy.Length - 300;
        Assert.Contains($"… (+{leftOut})", text, StringComparison.Ordinal);
        Assert.Contains($"{leftOut} characters of long values left out: the same call with sections [configuration].", text, StringComparison.Ordinal);
        Assert.Contains($"{"tag note=".Length + 1} characters of long values left out: the same call with sections [summary].", text, StringComparison.Ordinal);

        var told = new StringBuilder(text = await DescribeAsync(new { resource = "long", sections = new[] { "configuration" } }));
        for (var cursor = CursorIn(text); cursor.Length > 0; cursor = CursorIn(text))
        {
            told.Append(text = await DescribeAsync(new { resource = "long", sections = new[] { "configuration" }, cursor }));
        }

        Assert.All(Enumerable.Range(0, 500), number => Assert.Matches($"statement-{number}\\b", told.ToString()));
    }

    /// <summary>A queue that has everything, and much of it: cloud, state, code, findings, costs, an owner and drift.</summary>
    private async Task HubAsync(Func<int, string>? fact = null, Func<int, string>? name = null)
    {
        var (factOf, nameOf) = (fact ?? (_ => new string('x', 200)), name ?? (number => $"user-{number}"));
        var hub = Named("the-hub", "AWS::SQS::Queue") with
        {
            Configuration = new JsonObject(Enumerable.Range(0, 80).Select(number => KeyValuePair.Create($"fact-{number}", (JsonNode?)factOf(number))).Append(new("DelaySeconds", 9)).Append(new("VisibilityTimeout", 30))),
            Tags = new Dictionary<string, string> { ["environment"] = "prod", ["cost-center"] = "42" },
        };
        await estate.ScanAsync(
        [
            Seen(hub), Whole,
            .. Enumerable.Range(0, 300).SelectMany(number => new[] { Seen(Named(nameOf(number))), Uses(nameOf(number), "the-hub") }),
            .. Enumerable.Range(0, 40).Select(number => new Observation.Found(new Finding { Id = $"f{number}", Rule = name is null ? $"rule-{number}" : $"CVE-2026-{number:0000}/{nameOf(number)}", Title = "It is open to everybody.", Severity = "high", Tool = "scanner", Resource = "arn:the-hub" })),
        ]);
        await estate.ScanFileAsync("bill", "focus", "costs.csv", "BilledCost,EffectiveCost,BillingCurrency,ChargePeriodStart,ChargePeriodEnd,ResourceId,ServiceName\n12.50,11.00,USD,2025-12-01T00:00:00Z,2025-12-31T00:00:00Z,arn:the-hub,Amazon SQS\n");
        await estate.ScanFileAsync("state", "terraform-state", "terraform.tfstate", """
            {"version":4,"serial":1,"lineage":"l","resources":[{"mode":"managed","type":"aws_sqs_queue","name":"hub","provider":"aws","instances":[
            {"attributes":{"arn":"arn:the-hub","id":"the-hub","name":"the-hub","delay_seconds":0,"visibility_timeout_seconds":30,"tags_all":{"environment":"prod"}}}]}]}
            """, new GivenCode(new() { ["main.tf"] = "# The queue that everything uses.\n\nresource \"aws_sqs_queue\" \"hub\" {\n}\n", ["CODEOWNERS"] = "* @acme/payments\n" }));
    }

    private sealed class GivenCode(Dictionary<string, string> files) : ICodeSource
    {
        public IReadOnlyList<string> Repositories => ["infra"];

        public CodeFiles Read(string repository, Func<string, bool> filter) => new("test", files.Where(file => filter(file.Key)).ToDictionary(file => file.Key, file => Encoding.UTF8.GetBytes(file.Value)));
    }
}
