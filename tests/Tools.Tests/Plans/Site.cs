using System.Net;
using System.Text;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Redaction;
using McpInfra.Storage;
using McpInfra.TestKit;
using McpInfra.Tools.Git;
using McpInfra.Tools.Plans;
using McpInfra.Tools.Plans.Cloud;
using McpInfra.Tools.Plans.Engines.Terraform.Modules;
using McpInfra.Tools.Plans.Engines.Terraform.Providers;
using McpInfra.Tools.Plans.State;
using McpInfra.Tools.Plans.State.Backends;
using McpInfra.Tools.Sandbox;
using McpInfra.Tools.Sandbox.Egress;
using McpInfra.Tools.Tests.Git;
using Xunit;
using SandboxNeeds = McpInfra.Tools.Tests.Sandbox.Needs;

namespace McpInfra.Tools.Tests.Plans;

/// <summary>A repository with one stack, and plan_change over the real terraform in the real sandbox.</summary>
internal sealed class Site : IDisposable
{
    private readonly TestStore kept;
    private readonly ProviderPackages packages;
    private readonly ModulePackages modules;
    private readonly ProviderSchemas schemas;
    private readonly StateHttp http = new(null, TimeProvider.System);

    private Site(ISandbox sandbox, StackSettings stack, EngineSettings engine, IReadOnlyList<(string Path, string Text)> files, TimeProvider? time = null, IReadOnlyList<StackSettings>? beside = null, HttpMessageHandler? registry = null)
    {
        Scratch = new ScratchRepository(files);
        Stack = stack;
        Repositories = new([Scratch.Settings with { Stacks = [stack, .. beside ?? []] }], "acme", Path.Combine(Scratch.Folder, "state"), TimeProvider.System);
        kept = TestStore.In(Scratch.Folder, "plans.db");
        modules = new ModulePackages(new ModuleAccess(engine, Credentials), Path.Combine(Scratch.Folder, "modules"), TimeProvider.System, registry);
        Grounds = new Grounds(engine, sandbox, new StateReader(Credentials, StateReader.Backends(http, TimeProvider.System)), () => Policy) { Modules = modules };
        Store = new PlanStore(kept.Open(PlanStore.Schema), Repositories, Grounds, TimeProvider.System);
        Secrets = new PlanSecrets(new SecretTokens(new byte[32]), new byte[32]);
        var record = new PlanRecord(Store, Trail, new KnownImpact(), TimeProvider.System) { Outside = new Outside { Resolve = (name, _) => Task.FromResult(Names[name]) } };
        Drifts = record.Drifts;
        schemas = new ProviderSchemas(Path.Combine(Scratch.Folder, "schemas"));
        packages = new ProviderPackages(new PackageCache(Path.Combine(Scratch.Folder, "providers")));
        Runs = new PlanRuns(new Planner(Grounds, new CagedRuns(sandbox, new Clouds(Credentials, TimeProvider.System), Secrets, record) { Limits = engine.Limits }, Secrets, record) { Packages = packages, Schemas = schemas, Remote = new RemoteOutputs(Repositories, Grounds.States) }, time ?? TimeProvider.System);
    }

    public ScratchRepository Scratch { get; }

    public StackSettings Stack { get; }

    public Repositories Repositories { get; }

    public Grounds Grounds { get; }

    public PlanStore Store { get; }

    public PlanSecrets Secrets { get; }

    public PlanRuns Runs { get; }

    public DriftReports Drifts { get; }

    public MemoryTrail Trail { get; } = new();

    public KnownCredentials Credentials { get; } = new();

    public string Policy { get; set; } = "policy-1";

    public Dictionary<string, IPAddress[]> Names { get; } = [];

    public PlanChange Tool => new(Repositories, Runs);

    public DetectDrift DriftTool => new(Repositories, Runs, Drifts);

    /// <summary>A site; skips the test where bubblewrap or terraform is missing.</summary>
    public static async Task<Site> OpenAsync(StackSettings stack, EngineSettings engine, params IReadOnlyList<(string Path, string Text)> files)
    {
        Skip.UnlessFound("terraform");
        return new Site(await SandboxNeeds.BubblewrapAsync(), stack, engine, files);
    }

    /// <summary>A site whose registries of modules answer so.</summary>
    public static async Task<Site> OpenAsync(StackSettings stack, EngineSettings engine, HttpMessageHandler registry, params IReadOnlyList<(string Path, string Text)> files)
    {
        Skip.UnlessFound("terraform");
        return new Site(await SandboxNeeds.BubblewrapAsync(), stack, engine, files, registry: registry);
    }

    /// <summary>A site with stacks beside the one that is planned.</summary>
    public static async Task<Site> OpenAsync(StackSettings stack, EngineSettings engine, IReadOnlyList<StackSettings> beside, params IReadOnlyList<(string Path, string Text)> files)
    {
        Skip.UnlessFound("terraform");
        return new Site(await SandboxNeeds.BubblewrapAsync(), stack, engine, files, beside: beside);
    }

    public static Task<Site> OpenAsync(params IReadOnlyList<(string Path, string Text)> files) => OpenAsync(new StackSettings(".", Environment: "prod"), new EngineSettings(), files);

    /// <summary>A site whose sandbox is the given one; nothing real is needed.</summary>
    public static Site With(ISandbox sandbox, params IReadOnlyList<(string Path, string Text)> files) => With(sandbox, null, files);

    public static Site With(ISandbox sandbox, TimeProvider? time, params IReadOnlyList<(string Path, string Text)> files) =>
        new(sandbox, new StackSettings(".", Environment: "prod"), new EngineSettings(), files, time);

    /// <summary>One call of the tool.</summary>
    public async Task<Answer> AskAsync(IReadOnlyList<Edit>? edits = null, string? from = null, Caller? caller = null, CancellationToken? stop = null)
    {
        var args = new PlanChange.Args("infra", Stack.Path, edits, from);
        return await Tool.RunAsync(args, Calls.Of(Tool, args, caller), stop ?? TestContext.Current.CancellationToken);
    }

    /// <summary>One call of detect_drift.</summary>
    public async Task<Answer> AskDriftAsync(string? cursor = null, Caller? caller = null)
    {
        var args = new DetectDrift.Args("infra", Stack.Path, cursor);
        return await DriftTool.RunAsync(args, Calls.Of(DriftTool, args, caller), TestContext.Current.CancellationToken);
    }

    /// <summary>Calls until the report is made, as a client does on a slow machine.</summary>
    public async Task<Answer> DriftAsync()
    {
        Answer answer;
        do
        {
            answer = await AskDriftAsync();
        }
        while (answer.Structured?["status"]?.GetValue<string>() == "running");

        return answer;
    }

    /// <summary>Calls until the plan is made, as a client does on a slow machine.</summary>
    public async Task<Answer> PlanAsync(IReadOnlyList<Edit>? edits = null, string? from = null, Caller? caller = null)
    {
        Answer answer;
        do
        {
            answer = await AskAsync(edits, from, caller);
        }
        while (answer.Structured?["status"]?.GetValue<string>() == "running");

        return answer;
    }

    /// <summary>Plans and finds what was kept; fails with what was said when there is no plan.</summary>
    public async Task<Plan> PlannedAsync(IReadOnlyList<Edit>? edits = null, string? from = null, Caller? caller = null)
    {
        var answer = await PlanAsync(edits, from, caller);
        Assert.False(answer.IsFault, answer.Text());
        return Store.Find(answer.Structured!["plan"]!.GetValue<string>(), caller ?? Calls.Caller())!;
    }

    public SanitizedState Sanitize(string state) => StateSanitizer.Sanitize(StackState.Parse(Encoding.UTF8.GetBytes(state)), Secrets.Tokens);

    public void Dispose()
    {
        Runs.Dispose();
        packages.Dispose();
        modules.Dispose();
        schemas.Dispose();
        http.Dispose();
        kept.Dispose();
        Scratch.Dispose();
    }

    private sealed class KnownImpact : IImpact
    {
        public void Prepare(string organization)
        {
        }

        public ValueTask<IReadOnlyDictionary<string, AddressImpact>> OfAsync(string organization, string repository, string stack, IReadOnlyList<string> addresses, CancellationToken stop) =>
            new(addresses.Where(address => address is "terraform_data.bucket" or "aws_cloudwatch_log_group.jobs").ToDictionary(address => address, _ => new AddressImpact("bucket-1", 2, ["job", "function"])));
    }
}
