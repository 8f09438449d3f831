using McpInfra.Guardrails;
using McpInfra.Guardrails.Agents;
using McpInfra.Guardrails.Approvals;
using McpInfra.Guardrails.Budgets;
using McpInfra.Guardrails.Flow;
using McpInfra.Guardrails.Injection;
using McpInfra.Guardrails.Policies;
using McpInfra.Guardrails.Redaction;
using McpInfra.Host.Edge;
using McpInfra.Storage;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Attacks;

/// <summary>A server with every guard real, over operations whose runs are counted, and a real client of it.</summary>
internal sealed class Governed : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mcp-infra-attack-");
    private readonly TestServer server;
    private readonly InProcessServer serving;
    private int runs;

    private Governed(IEnumerable<Operation> operations, AgentType agent, IReadOnlyList<ResourceRoute>? routes)
    {
        var redactor = new Redactor(new SecretTokens(new byte[32]));
        Approvals = new ApprovalStore(Database.OpenSqlite(Path.Combine(folder.FullName, "approvals.db"), ApprovalStore.Schema), "acme", TimeProvider.System);
        server = new TestServer(operations.Select(Counted), agent, routes, with: guards => guards with
        {
            Input = [new BudgetGuard(TimeProvider.System), new InputInjectionGuard(InjectionFilter.Shipped), new FlowGuard(), new PolicyGuard()],
            Approvals = new ApprovalGuard(Approvals, redactor.Json),
            Output = OutputGuards.All(new SecretTokens(new byte[32]), InjectionFilter.Shipped),
            Redact = redactor.Json,
        });
        serving = new InProcessServer(server);
    }

    /// <summary>The client.</summary>
    public RealClient Client { get; private set; } = null!;

    /// <summary>What waits for people.</summary>
    public ApprovalStore Approvals { get; }

    /// <summary>How often an operation ran.</summary>
    public int Runs => Volatile.Read(ref runs);

    /// <summary>What was recorded.</summary>
    public MemoryTrail Trail => server.Trail;

    /// <summary>Serves and connects.</summary>
    public static async Task<Governed> ServeAsync(IEnumerable<Operation> operations, AgentType? agent = null, IReadOnlyList<ResourceRoute>? routes = null)
    {
        var governed = new Governed(operations, agent ?? BuiltInAgents.All["remediator"], routes);
        governed.Client = await governed.serving.ConnectAsync();
        return governed;
    }

    /// <summary>The call was refused by the guard, nothing ran, and the trail has its begin and its end.</summary>
    public void Refused(ToolAnswer answer, string guard)
    {
        Assert.Equal(guard, answer.Guard);
        Assert.True(answer.IsError);
        Assert.Equal(0, Runs);
        var audit = (string?)answer.Denied!["audit"];
        Assert.Equal(["begin", "end"], Trail.Records.Where(record => record.Entry.Call == audit).Select(record => record.Kind));
        Assert.Equal("denied", Trail.Records.Last(record => record.Entry.Call == audit).Entry.Outcome);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await serving.DisposeAsync();
        server.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }

    private Operation Counted(Operation operation) => operation with
    {
        Run = (call, stop) =>
        {
            Interlocked.Increment(ref runs);
            return operation.Run(call, stop);
        },
    };
}
