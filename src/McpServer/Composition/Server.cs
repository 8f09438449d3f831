using McpInfra.Graph;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Access;
using McpInfra.Guardrails.Agents;
using McpInfra.Guardrails.Approvals;
using McpInfra.Guardrails.Audit;
using McpInfra.Guardrails.Budgets;
using McpInfra.Guardrails.Flow;
using McpInfra.Guardrails.Identity;
using McpInfra.Guardrails.Injection;
using McpInfra.Guardrails.Injection.Onnx;
using McpInfra.Guardrails.Injection.Reactions;
using McpInfra.Guardrails.Manifests;
using McpInfra.Guardrails.Pinning;
using McpInfra.Guardrails.Policies;
using McpInfra.Guardrails.Redaction;
using McpInfra.Host.Edge;
using McpInfra.Host.Edge.Prompts;
using McpInfra.Host.Edge.Wire;
using McpInfra.Host.Settings;
using McpInfra.Tools;
using McpInfra.Tools.Access;
using McpInfra.Tools.Git;
using McpInfra.Tools.Knowledge;
using McpInfra.Tools.Plans;
using McpInfra.Tools.Plans.Cloud;
using McpInfra.Tools.Plans.Engines.Terraform.Modules;
using McpInfra.Tools.Plans.Engines.Terraform.Providers;
using McpInfra.Tools.Plans.State;
using McpInfra.Tools.Plans.State.Backends;
using McpInfra.Tools.Proposals;
using McpInfra.Tools.Proposals.Forges;
using McpInfra.Tools.Resources;
using McpInfra.Tools.Sandbox;
using Microsoft.Extensions.Logging;

namespace McpInfra.Host.Composition;

/// <summary>One server process: every part, made once, in the order in which they need each other.</summary>
internal sealed class Server : IAsyncDisposable
{
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(1);

    private readonly AuditTrail trail;
    private readonly ProviderPackages packages;
    private readonly ProviderSchemas schemas;
    private readonly PlanRuns runs;
    private readonly PolicyReload reload;
    private readonly StateHttp http;
    private readonly ModulePackages modules;
    private readonly TelemetryExport? telemetry;
    private readonly Graphs graphs;
    private readonly Catalogue catalogue;
    private readonly Pins pins;
    private readonly OnnxClassifier? second;
    private readonly CancellationTokenSource ending = new();
    private Task following = Task.CompletedTask;

    private Server(Settings.Settings settings, AgentType agent, PoliciesInForce policies, OnnxClassifier? second, ILoggerFactory logs, TimeProvider time, Func<Guards, Guards>? with)
    {
        this.second = second;
        telemetry = TelemetryExport.FromEnvironment();
        var estate = EstateGraph.Open(settings, time);
        graphs = estate.Graphs;
        var key = OrganizationKey.Of(settings.StateFolder, settings.Organization);
        var tokens = new SecretTokens(key);
        var redactor = new Redactor(tokens);
        trail = AuditTrail.Open(settings.StateFolder, time, new AuditSettings(settings.DurableAudit));

        var credentials = IssuedCredentials.Of(settings, trail, time);

        var sandbox = Sandboxes.Of(settings.Sandbox, settings.Container);
        http = new StateHttp(null, time);
        modules = new ModulePackages(new ModuleAccess(settings.Terraform, credentials), Path.Combine(settings.StateFolder, "modules"), time);
        var grounds = new Grounds(settings.Terraform, sandbox, new StateReader(credentials, StateReader.Backends(http, time)), () => policies.Version) { Modules = modules };
        var plans = new PlanStore(estate.Database, estate.Repositories, grounds, time);
        pins = new Pins(estate.Database, settings.Organization);
        var operations = new Lazy<Catalogue>(() => catalogue!);
        var record = new PlanRecord(plans, trail, new GraphImpact(estate.Graphs), time) { Forecast = new ProposalForecast(new PolicyForecast(policies, operations, time)).Of };
        packages = new ProviderPackages(new PackageCache(Path.Combine(settings.StateFolder, "providers")));
        schemas = new ProviderSchemas(Path.Combine(settings.StateFolder, "schemas"));
        var secrets = new PlanSecrets(tokens, key);
        var planner = new Planner(grounds, new CagedRuns(sandbox, new Clouds(credentials, time), secrets, record) { Limits = settings.Terraform.Limits }, secrets, record)
        {
            Packages = packages,
            Remote = new RemoteOutputs(estate.Repositories, grounds.States),
            Schemas = schemas,
        };
        runs = new PlanRuns(planner, time);
        var proposals = new ProposalStore(estate.Database);
        var drafts = new Drafts(proposals, new RegisteredForges(credentials), redactor, time);

        IReadOnlyList<IAccessGuard> access = [new AllowlistGuard(), new TierGuard()];
        var explainer = new Explainer(operations, access, policies, time);
        catalogue = new Catalogue(
        [
            ToolOperation.From<SearchResources, SearchResources.Args>(new SearchResources(estate.Graphs, time)),
            ToolOperation.From<DescribeResource, DescribeResource.Args>(new DescribeResource(estate.Graphs, time)),
            ToolOperation.From<ListChanges, ListChanges.Args>(new ListChanges(estate.Graphs, time)),
            ToolOperation.From<TraceResources, TraceResources.Args>(new TraceResources(estate.Graphs)),
            ToolOperation.From<SearchFindings, SearchFindings.Args>(new SearchFindings(estate.Graphs)),
            ToolOperation.From<SearchKnowledge, SearchKnowledge.Args>(new SearchKnowledge(estate.Graphs)),
            ToolOperation.From<ReadRepository, ReadRepository.Args>(new ReadRepository(estate.Repositories, proposals)),
            ToolOperation.From<ExplainAccess, ExplainAccess.Args>(new ExplainAccess(explainer, time)),
            ToolOperation.From<PlanChange, PlanChange.Args>(new PlanChange(estate.Repositories, runs)),
            ToolOperation.From<DetectDrift, DetectDrift.Args>(new DetectDrift(estate.Repositories, runs, record.Drifts)),
            ToolOperation.From<ProposeChange, ProposeChange.Args>(new ProposeChange(plans, estate.Repositories, drafts)),
            PolicyDigestOperation.Over(policies, settings.Policies is { } folder ? new FileHistory(folder) : null),
            .. GraphLists.Over(estate.Graphs),
            CompleteOperation.Over(async (call, prefix, most, stop) => (await estate.Graphs.OpenAsync(call.Caller.Organization, stop)).Complete(prefix, most)),
            .. InfraPrompts.All,
        ]);

        var injection = second is null ? InjectionFilter.Shipped : InjectionFilter.Shipped.Before(second, time);
        var guards = new Guards(
            trail,
            new Identities(settings.Organization, agent, enforced: false, new Freeze(settings.StateFolder), time),
            access,
            [new BudgetGuard(time), new InputInjectionGuard(injection), new FlowGuard(), new PolicyGuard(policies, trail, time)],
            new ApprovalGuard(new ApprovalStore(estate.Database, settings.Organization, time), redactor.Json),
            OutputGuards.All(tokens, injection, new WithheldTexts(estate.Database, time)),
            redactor.Json);
        reload = new PolicyReload(settings, policies, trail, time, logs.CreateLogger<PolicyReload>());
        Edge = new McpEdge(
            new Pipeline(catalogue, with?.Invoke(guards) ?? guards, time, logs.CreateLogger<Pipeline>()),
            ResourceRoute.Infra,
            new UnreadableMessages(trail, settings.Organization, time, logs.CreateLogger<UnreadableMessages>()));
    }

    /// <summary>Where messages go in.</summary>
    public McpEdge Edge { get; }

    /// <summary>Reads a text with the guards' filters, so that they are read and compiled before the first call.</summary>
    public static void Warm()
    {
        const string text = "Which plans would be allowed?";
        InjectionFilter.Shipped.Flags(text);
        new Redactor(new SecretTokens(new byte[32])).Text(text);
    }

    /// <summary>Opens everything. What an earlier process left open in the trail is closed after the first answer.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="agent">The agent type; null for the configuration's.</param>
    /// <param name="logs">Where logs go.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <param name="with">Puts other guards in the place of some: for tests that ask what holds when one misses. No command gives it.</param>
    /// <exception cref="SettingsException">The agent type is unknown, or a policy has faults; nothing was started.</exception>
    public static async Task<Server> StartAsync(Settings.Settings settings, string? agent, ILoggerFactory logs, TimeProvider time, CancellationToken stop, Func<Guards, Guards>? with = null)
    {
        if (!settings.Agents.TryGetValue(agent ?? settings.Agent, out var type))
        {
            throw new SettingsException($"There is no agent type of that name. Agent types: {string.Join(", ", settings.Agents.Keys)}.");
        }

        var faults = new List<Fault>();
        var policies = Rulebook.Read(settings.Policies, faults);
        if (faults.Count > 0)
        {
            throw new SettingsException(faults);
        }

        var server = new Server(settings, type, new PoliciesInForce(policies), Second(settings, time), logs, time, with);
        server.following = Task.Run(() => server.FollowAsync(settings.Organization, logs.CreateLogger<Server>(), time), CancellationToken.None);
        await server.reload.StartAsync(stop);
        return server;
    }

    // What no call needs leaves the processor to the first answer: closing what an earlier process left open, comparing pins, keeping the snapshot up to date.
    private async Task FollowAsync(string organization, ILogger log, TimeProvider time)
    {
        await Task.WhenAny(Edge.Answered, Task.Delay(LongestRest, time, ending.Token));
        await Task.WhenAll(
            Task.Run(() => graphs.FollowAsync(organization, ending.Token), CancellationToken.None),
            Task.Run(() => OwnPins.CheckAsync(pins, catalogue, organization, trail, log, ending.Token), CancellationToken.None),
            RecoverAsync(log));
    }

    private async Task RecoverAsync(ILogger log)
    {
        try
        {
            foreach (var damaged in (await trail.RecoverAsync(CancellationToken.None)).Damaged)
            {
                log.LogError("The audit trail of {Writer} is not as its signed head says. Look at it with: mcp-infra audit verify", damaged);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            log.LogError("Calls that an earlier process left open in the audit trail could not be closed: {Reason} The next start tries again.", exception.Message);
        }
    }

    private static OnnxClassifier? Second(Settings.Settings settings, TimeProvider time)
    {
        try
        {
            return settings.Onnx is { } onnx ? OnnxClassifier.Open(onnx, time) : null;
        }
        catch (OnnxException fault)
        {
            throw new SettingsException(fault.Message);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await reload.DisposeAsync();
        await ending.CancelAsync();
        await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ending.Dispose();
        runs.Dispose();
        packages.Dispose();
        modules.Dispose();
        schemas.Dispose();
        http.Dispose();
        await trail.DisposeAsync();
        second?.Dispose();
        telemetry?.Dispose();
    }
}
