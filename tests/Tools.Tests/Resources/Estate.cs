using System.Text.Json;
using McpInfra.Graph;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Collectors.Documents;
using McpInfra.Graph.Collectors.Findings;
using McpInfra.Graph.Collectors.State;
using McpInfra.Graph.Correlation;
using McpInfra.Graph.Scan;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Agents;
using McpInfra.Guardrails.Injection;
using McpInfra.Guardrails.Redaction;
using McpInfra.Guardrails.Spotlight;
using McpInfra.TestKit;
using Xunit;

[assembly: AssemblyFixture(typeof(McpInfra.Tools.Tests.Resources.Estate))]

namespace McpInfra.Tools.Tests.Resources;

/// <summary>The sample estate in a graph, asked through the tools as the pipeline asks them.</summary>
public sealed class Estate : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("estate-test-").FullName;
    private readonly Still clock = new();
    private TestStore kept = null!;

    public Graphs Graphs { get; private set; } = null!;

    public TimeProvider Time => clock;

    public async ValueTask InitializeAsync()
    {
        var estate = Path.Combine(Repository.Root, "samples", "estate");
        kept = TestStore.In(folder, "graph.db");
        var database = kept.Open(GraphSchema.Schema);
        var code = new Code(estate);
        var scanner = new Scanner(database, [new StateCollector(), .. FindingFiles.All, new DocumentCollector(code)], code, clock);
        Graphs = new Graphs(database, Path.Combine(folder, "snapshots"), clock);
        await scanner.ScanAsync("acme",
        [
            new SourceSettings("state", "terraform-state") { Path = Path.Combine(estate, "infra/prod/terraform.tfstate") },
            new SourceSettings("scan", "sarif") { Path = Path.Combine(estate, "findings") },
            DocumentCollector.Source("infra"),
        ], null, CancellationToken.None);
    }

    public ValueTask DisposeAsync()
    {
        kept.Dispose();
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Binds, resolves targets and runs.</summary>
    public static async Task<(Answer Answer, IReadOnlyList<Target> Targets)> AskAsync(Operation operation, string arguments, bool structured = false, string organization = "acme")
    {
        var call = await CallAsync(operation, arguments, structured, organization);
        return (await operation.Run(call, CancellationToken.None), call.Targets);
    }

    /// <summary>The whole answer as a client gets it: through every output guard.</summary>
    public static async Task<string> CleanedAsync(Operation operation, string arguments, bool structured = false)
    {
        var call = await CallAsync(operation, arguments, structured, "acme");
        var answer = await operation.Run(call, CancellationToken.None);
        foreach (var guard in OutputGuards.All(new SecretTokens(new byte[32]), InjectionFilter.Shipped))
        {
            answer = await guard.CleanAsync(answer, call, CancellationToken.None);
        }

        return Rendering.ToMarkdown(answer) + answer.Structured?.ToJsonString();
    }

    private static async Task<Call> CallAsync(Operation operation, string arguments, bool structured, string organization)
    {
        var given = JsonDocument.Parse(arguments).RootElement;
        var bound = operation.Bind(given);
        Assert.Null(bound.Fault);
        var caller = new Caller(organization, "ann", BuiltInAgents.All["planner"], new Session("s", DateTimeOffset.UnixEpoch), "test", Enforced: false);
        var resolution = await operation.Targets(bound.Arguments!, caller, CancellationToken.None);
        return new Call("c", caller, operation, bound.Arguments!, given, resolution.Targets, structured);
    }

    public static string Text(Answer answer) => string.Join('\n', answer.Parts.Select(part => part.Text));

    private sealed class Still : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    }

    private sealed class Code(string folder) : ICodeSource
    {
        public IReadOnlyList<string> Repositories => ["infra"];

        public CodeFiles Read(string repository, Func<string, bool> filter) => new("test", Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => (Full: path, Path: Path.GetRelativePath(folder, path).Replace('\\', '/'))).Where(file => filter(file.Path)).ToDictionary(file => file.Path, file => File.ReadAllBytes(file.Full)));
    }
}
