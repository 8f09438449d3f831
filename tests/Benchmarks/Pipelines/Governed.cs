using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Agents;
using McpInfra.Guardrails.Approvals;
using McpInfra.Guardrails.Audit;
using McpInfra.Guardrails.Binding;
using McpInfra.Guardrails.Budgets;
using McpInfra.Guardrails.Flow;
using McpInfra.Guardrails.Identity;
using McpInfra.Guardrails.Injection;
using McpInfra.Guardrails.Policies;
using McpInfra.Guardrails.Redaction;
using McpInfra.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace McpInfra.Benchmarks.Pipelines;

/// <summary>A real pipeline on a state folder of its own, with every guard that the server has, over one operation that answers 4 KB.</summary>
internal sealed class Governed : IAsyncDisposable
{
    private static readonly JsonElement Arguments = JsonDocument.Parse("""{"text":"billing","provider":"aws","environment":"prod","limit":20}""").RootElement;
    private static readonly Answer FourKilobytes = Listing(4000);
    private readonly DirectoryInfo state = Directory.CreateTempSubdirectory("mcp-infra-benchmark-");
    private readonly AuditTrail trail;
    private readonly Pipeline pipeline;
    private readonly Operation operation;
    private readonly Call call;

    /// <param name="settings">How the trail is kept.</param>
    /// <param name="policies">Rules of an operator's; none unless given.</param>
    public Governed(AuditSettings settings, PoliciesInForce? policies = null)
    {
        var time = TimeProvider.System;
        var tokens = new SecretTokens(RandomNumberGenerator.GetBytes(32));
        var redactor = new Redactor(tokens);
        var agent = BuiltInAgents.All["planner"] with { Budgets = new Budgets(int.MaxValue, int.MaxValue, OutputTokens: long.MaxValue) };
        operation = new Operation
        {
            Kind = OperationKind.Tool, Name = "search_resources", Tier = Tier.Observe, Description = "Answers 4 KB.",
            Schema = Binder<Search>.Schema, Bind = Binder<Search>.Bind, Run = (_, _) => new(FourKilobytes),
        };
        call = new Call("call_0", new Caller("acme", "ada", agent, new Session("s1", time.GetUtcNow()), "benchmark", false), operation, new object(), Arguments, [], false);
        Output = OutputGuards.All(tokens, InjectionFilter.Shipped);
        trail = AuditTrail.Open(state.FullName, time, settings);
        pipeline = new Pipeline(
            new Catalogue([operation]),
            new Guards(
                trail,
                new Identities("acme", agent, enforced: false, new Freeze(state.FullName), time),
                [new AllowlistGuard(), new TierGuard()],
                [new BudgetGuard(time), new InputInjectionGuard(InjectionFilter.Shipped), new FlowGuard(), policies is null ? new PolicyGuard() : new PolicyGuard(policies, trail, time)],
                new ApprovalGuard(new ApprovalStore(Database.OpenSqlite(Path.Combine(state.FullName, "benchmark.db"), ApprovalStore.Schema), "acme", time), redactor.Json),
                Output,
                redactor.Json),
            time, NullLogger<Pipeline>.Instance);
    }

    /// <summary>What cleans its answers.</summary>
    public IReadOnlyList<IOutputGuard> Output { get; }

    /// <summary>A call of its operation.</summary>
    public Call Call => call;

    /// <summary>The pipeline.</summary>
    public Pipeline Pipeline => pipeline;

    /// <summary>A runner over the same operation, with no guard that does anything and nothing recorded.</summary>
    public Pipeline WithoutGuards() => new(
        new Catalogue([operation]),
        new Guards(new NoTrail(), new Identities("acme", call.Caller.Agent, enforced: false, new Freeze(state.FullName), TimeProvider.System), [], [], new AllowAll(), [], _ => null),
        TimeProvider.System, NullLogger<Pipeline>.Instance);

    /// <summary>The operation alone: bound and run.</summary>
    public async ValueTask BareAsync()
    {
        var bound = operation.Bind(Arguments);
        await operation.Run(call with { Arguments = bound.Arguments! }, CancellationToken.None);
    }

    /// <summary>The same through the pipeline.</summary>
    public async ValueTask GovernedAsync()
    {
        var outcome = await pipeline.CallAsync(new Request(OperationKind.Tool, operation.Name, Arguments, new Peer("stdio", "ada", "s1", "benchmark")), CancellationToken.None);
        if (outcome.Answer is null)
        {
            throw new InvalidOperationException(outcome.RefusalText);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await trail.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        state.Delete(recursive: true);
    }

    /// <summary>An answer that lists resources in so many characters.</summary>
    public static Answer Listing(int length) =>
        new([new Part(Trust.Own, "20 of 312 resources, fresh as of 2 minutes ago.\n"), new Part(Trust.Tenant, Rows(length), "resource names and tags")]);

    private static string Rows(int length)
    {
        var text = new StringBuilder();
        for (var number = 0; text.Length < length; number++)
        {
            text.Append($"- billing-service-{number} AWS::S3::Bucket arn:aws:s3:::acme-prod-billing-{number} team=payments, cost-center={number * 7}\n");
        }

        return text.ToString();
    }

    private sealed record Search(string Text, string? Provider = null, string? Environment = null, int Limit = 20);

    private sealed class NoTrail : IAuditTrail
    {
        public ValueTask BeginAsync(AuditEntry entry, bool durable, CancellationToken stop) => default;

        public ValueTask EndAsync(AuditEntry entry, CancellationToken stop) => default;

        public ValueTask EventAsync(AuditEntry entry, CancellationToken stop) => default;
    }

    private sealed class AllowAll : IApprovals
    {
        public ValueTask<Verdict> AdmitAsync(Call call, IReadOnlyList<Verdict> asks, CancellationToken stop) => new(Verdict.Allow);
    }
}
