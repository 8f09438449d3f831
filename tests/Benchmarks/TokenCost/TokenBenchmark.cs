using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using McpInfra.Graph;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Collectors.Findings;
using McpInfra.Graph.Scan;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Injection;
using McpInfra.Guardrails.Redaction;
using McpInfra.TestKit;
using McpInfra.Tools;
using McpInfra.Tools.Knowledge;
using McpInfra.Tools.Resources;
using Microsoft.ML.Tokenizers;

namespace McpInfra.Benchmarks.TokenCost;

/// <summary>Tokens of our answers to ten questions, as a client gets them, against those of the API answers that hold the same facts.</summary>
internal static partial class TokenBenchmark
{
    private const string Encoding = "o200k_base";

    /// <summary>What one resource may take, all five layers of it.</summary>
    private const int MostOfOne = 1000;

    /// <summary>Prints a table; 0.</summary>
    public static async Task<int> RunAsync(TextWriter output, CancellationToken stop)
    {
        var folder = Directory.CreateTempSubdirectory("token-benchmark-");
        try
        {
            using var store = TestStore.OnSqlite(folder.FullName);
            var clock = new Days();
            var database = store.Open(GraphSchema.Schema);
            var (before, after) = (new OrdersEstate("41"), new OrdersEstate("42"));
            var findings = Path.Combine(folder.FullName, "findings.json");
            await File.WriteAllTextAsync(findings, ApiAnswers.Listing("Findings", after.Findings), stop);
            foreach (var estate in new[] { before, after })
            {
                await new Scanner(database, [new Shown(estate), .. FindingFiles.All], null, clock).ScanAsync("acme", [new SourceSettings("cloud", "shown"), new SourceSettings("hub", "asff") { Path = findings }], null, stop);
                clock.Now += TimeSpan.FromHours(20);
            }

            using var server = new TestServer(Operations(new Graphs(database, Path.Combine(folder.FullName, "snapshots"), clock), clock), output: OutputGuards.All(new SecretTokens(RandomNumberGenerator.GetBytes(32)), InjectionFilter.Shipped));
            await using var serving = new InProcessServer(server);
            await using var client = await serving.ConnectAsync();
            await PrintAsync(client, Question.All(before, after), output, stop);
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task PrintAsync(RealClient client, IReadOnlyList<Question> questions, TextWriter output, CancellationToken stop)
    {
        var tokenizer = TiktokenTokenizer.CreateForEncoding(Encoding);
        var (ours, raw) = (0, 0);
        await output.WriteLineAsync($"| question | our call | tokens | instead of | tokens ({Encoding}) | fewer |\n|---|---|---|---|---|---|");
        foreach (var question in questions)
        {
            var answers = await AnswersAsync(client, question, stop);
            if (question.Holds.Where(held => !answers.Exists(answer => answer.Contains(held, StringComparison.Ordinal))).ToList() is { Count: > 0 } missing)
            {
                throw new InvalidOperationException($"{question.Asked} is answered without {string.Join(", ", missing)}:\n{answers[0]}");
            }

            var (mine, theirs) = (answers.Sum(text => tokenizer.CountTokens(text)), question.Raw.Sum(text => tokenizer.CountTokens(text)));
            if (question.Tool == "describe_resource" && mine >= MostOfOne)
            {
                throw new InvalidOperationException($"{question.Asked} takes {mine} tokens, not under {MostOfOne}:\n{answers[0]}");
            }

            (ours, raw) = (ours + mine, raw + theirs);
            await LineAsync(question.Asked, question.Tool, mine, question.Fetched, theirs);
        }

        await LineAsync("all ten", "", ours, "", raw);

        Task LineAsync(string asked, string tool, int mine, string fetched, int theirs) =>
            output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"| {asked} | {tool} | {mine:N0} | {fetched} | {theirs:N0} | {(double)theirs / mine:F1}× |"));
    }

    /// <summary>The answer with all its pages; of one resource what an outline tells.</summary>
    private static async Task<List<string>> AnswersAsync(RealClient client, Question question, CancellationToken stop)
    {
        var (answers, cursor) = (new List<string>(), "");
        do
        {
            var arguments = JsonSerializer.SerializeToNode(question.Arguments)!.AsObject();
            if (cursor.Length > 0)
            {
                arguments["cursor"] = cursor;
            }

            var answer = await client.CallAsync(question.Tool, arguments, stop: stop);
            answers.Add(answer.IsError ? throw new InvalidOperationException($"{question.Asked} is answered by a fault:\n{answer.Text}") : answer.Text);
            cursor = question.Tool == "describe_resource" ? "" : Cursor().Match(answer.Text).Groups[1].Value;
        }
        while (cursor.Length > 0);
        return answers;
    }

    [GeneratedRegex("cursor `([^`]+)`")]
    private static partial Regex Cursor();

    private static Operation[] Operations(Graphs graphs, TimeProvider time) =>
    [
        ToolOperation.From<SearchResources, SearchResources.Args>(new SearchResources(graphs, time)),
        ToolOperation.From<DescribeResource, DescribeResource.Args>(new DescribeResource(graphs, time)),
        ToolOperation.From<TraceResources, TraceResources.Args>(new TraceResources(graphs)),
        ToolOperation.From<ListChanges, ListChanges.Args>(new ListChanges(graphs, time)),
        ToolOperation.From<SearchFindings, SearchFindings.Args>(new SearchFindings(graphs)),
        ToolOperation.From<SearchKnowledge, SearchKnowledge.Args>(new SearchKnowledge(graphs)),
    ];

    private sealed class Days : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private sealed class Shown(OrdersEstate estate) : ICollector
    {
        public string Kind => "shown";

        public async IAsyncEnumerable<Observation> CollectAsync(SourceSettings source, [EnumeratorCancellation] CancellationToken stop)
        {
            await Task.CompletedTask;
            foreach (var observation in estate.Seen())
            {
                yield return observation;
            }
        }
    }
}
