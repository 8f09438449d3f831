using McpInfra.Guardrails;
using McpInfra.Guardrails.Agents;
using McpInfra.Guardrails.Approvals;
using McpInfra.Guardrails.Budgets;
using McpInfra.Guardrails.Identity;
using McpInfra.Host.Edge;
using McpInfra.Host.Edge.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace McpInfra.TestKit;

/// <summary>The real edge and the real pipeline over given operations, with a trail in memory.</summary>
public sealed class TestServer : IDisposable
{
    private readonly DirectoryInfo state = Directory.CreateTempSubdirectory("mcp-infra-test-");

    /// <summary>A server for an agent type, `planner` unless said, with few guards unless <paramref name="with"/> puts others in their place.</summary>
    public TestServer(
        IEnumerable<Operation> operations, AgentType? agent = null, IReadOnlyList<ResourceRoute>? routes = null, IReadOnlyList<IOutputGuard>? output = null, Func<Guards, Guards>? with = null)
    {
        Freeze = new Freeze(state.FullName);
        var identities = new Identities("acme", agent ?? BuiltInAgents.All[BuiltInAgents.Default], enforced: false, Freeze, TimeProvider.System);
        var guards = new Guards(
            Trail, identities, [new AllowlistGuard(), new TierGuard()], [new BudgetGuard(TimeProvider.System)], new NobodyApproves(), output ?? [],
            arguments => arguments.ValueKind is System.Text.Json.JsonValueKind.Undefined ? null : System.Text.Json.Nodes.JsonNode.Parse(arguments.GetRawText()));
        Pipeline = new Pipeline(new Catalogue(operations), with?.Invoke(guards) ?? guards, TimeProvider.System, NullLogger<Pipeline>.Instance);
        Edge = new McpEdge(Pipeline, routes ?? ResourceRoute.Infra, new UnreadableMessages(Trail, "acme", TimeProvider.System, NullLogger<UnreadableMessages>.Instance));
    }

    /// <summary>What was recorded.</summary>
    public MemoryTrail Trail { get; } = new();

    /// <summary>The switch that stops everything.</summary>
    public Freeze Freeze { get; }

    /// <summary>The pipeline behind the edge.</summary>
    public Pipeline Pipeline { get; }

    /// <summary>The edge.</summary>
    public McpEdge Edge { get; }

    /// <summary>A folder of its own, deleted with the server.</summary>
    public string StateFolder => state.FullName;

    /// <inheritdoc/>
    public void Dispose() => state.Delete(recursive: true);

    private sealed class NobodyApproves : IApprovals
    {
        public ValueTask<Verdict> AdmitAsync(Call call, IReadOnlyList<Verdict> asks, CancellationToken stop) => new(asks.Count == 0
            ? Verdict.Allow
            : Verdict.Deny("approval", "a person has to approve this call", "Ask a person") with { Approval = "approval_test" });
    }
}
