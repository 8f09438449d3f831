using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using McpInfra.Graph;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Collectors.Costs;
using McpInfra.Graph.Collectors.State;
using McpInfra.Graph.Correlation;
using McpInfra.Graph.Scan;
using McpInfra.Guardrails;
using McpInfra.Storage;
using McpInfra.TestKit;
using McpInfra.Tools.Knowledge;
using McpInfra.Tools.Resources;

namespace McpInfra.Tools.Tests.Resources;

/// <summary>A graph of a test's own, scanned from what it is told to see at times that the test sets, asked through the tools.</summary>
internal sealed partial class ScriptedEstate : IDisposable
{
    private readonly TestStore kept;

    public ScriptedEstate()
    {
        kept = TestStore.In(Folder, "graph.db");
        Database = kept.Open(GraphSchema.Schema);
        Graphs = new Graphs(Database, Path.Combine(Folder, "snapshots"), Clock);
        Operations = new Operation[]
        {
            ToolOperation.From<SearchResources, SearchResources.Args>(new SearchResources(Graphs, Clock)),
            ToolOperation.From<DescribeResource, DescribeResource.Args>(new DescribeResource(Graphs, Clock)),
            ToolOperation.From<TraceResources, TraceResources.Args>(new TraceResources(Graphs)),
            ToolOperation.From<ListChanges, ListChanges.Args>(new ListChanges(Graphs, Clock)),
            ToolOperation.From<SearchFindings, SearchFindings.Args>(new SearchFindings(Graphs)),
            ToolOperation.From<SearchKnowledge, SearchKnowledge.Args>(new SearchKnowledge(Graphs)),
        }.ToDictionary(operation => operation.Name);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("scripted-test-").FullName;

    public Database Database { get; }

    public Graphs Graphs { get; }

    public SetClock Clock { get; } = new();

    public IReadOnlyDictionary<string, Operation> Operations { get; }

    /// <summary>A resource with the id `arn:NAME`.</summary>
    public static Resource Named(string name, string type = "AWS::EC2::VPC") => new() { Id = $"arn:{name}", Type = type, Name = name, Provider = "aws", Account = "123456789012", Region = "us-east-1" };

    public static Observation Seen(Resource resource) => new Observation.Seen(resource);

    public static Observation Uses(string from, string to) => new Observation.Related(new Relation($"arn:{from}", RelationType.Uses, $"arn:{to}"));

    public static Observation Whole { get; } = new Observation.Complete(null, null, "*");

    /// <summary>A scan in which a cloud shows this.</summary>
    public Task ScanAsync(params Observation[] observations) => ScanAsync("cloud", observations);

    public Task ScanAsync(string source, Observation[] observations, string organization = "acme", ICodeSource? code = null) =>
        new Scanner(Database, [new Scripted(observations)], code, Clock).ScanAsync(organization, [new SourceSettings(source, "scripted")], null, CancellationToken.None);

    /// <summary>A scan of files that are written first.</summary>
    public async Task ScanFileAsync(string source, string kind, string file, string text, ICodeSource? code = null)
    {
        var path = Path.Combine(Folder, file);
        await File.WriteAllTextAsync(path, text);
        await new Scanner(Database, [new StateCollector(), new FocusCollector(), .. Graph.Collectors.Findings.FindingFiles.All], code, Clock).ScanAsync(
            "acme", [new SourceSettings(source, kind) { Path = path }], null, CancellationToken.None);
    }

    public async Task<Answer> AskAsync(string tool, string arguments, bool structured = false, string organization = "acme") =>
        (await Estate.AskAsync(Operations[tool], arguments, structured, organization)).Answer;

    public async Task<string> TextAsync(string tool, string arguments, string organization = "acme") => Estate.Text(await AskAsync(tool, arguments, organization: organization));

    /// <summary>The cursor that an answer ends with; empty when it has none.</summary>
    public static string CursorIn(string text) => Cursor().Match(text).Groups[1].Value;

    public void Dispose()
    {
        kept.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    [GeneratedRegex("cursor `([^`]+)`")]
    private static partial Regex Cursor();

    internal sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private sealed class Scripted(Observation[] observations) : ICollector
    {
        public string Kind => "scripted";

        public async IAsyncEnumerable<Observation> CollectAsync(SourceSettings source, [EnumeratorCancellation] CancellationToken stop)
        {
            await Task.CompletedTask;
            foreach (var observation in observations)
            {
                yield return observation;
            }
        }
    }
}
