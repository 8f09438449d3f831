using McpInfra.Graph.Hcl;
using McpInfra.Tools.Plans.State;
using McpInfra.Tools.Sandbox;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Engines.Terraform;

/// <summary>One plan by the real terraform in a cage: plan and show, and init before them only when the engine asks for it.</summary>
public sealed class TerraformRun(ISandbox sandbox, TerraformProgram program)
{
    private const int LargeState = 20 << 20;
    private const string Tree = "tree";
    private const string Result = "result.tfplan";
    private const string Authorities = "authorities.pem";
    private const int MostPlan = 64 << 20;
    private const int MostSchemas = 256 << 20;

    // What the engine asks for when what it finds is not what its own init leaves.
    private static readonly byte[][] Asks = ["terraform init"u8.ToArray(), "tofu init"u8.ToArray()];

    // Go's own variable, and the AWS SDK's: the run's authority beside the system's.
    private static readonly string[] NamesOfAuthorities = ["SSL_CERT_FILE", "AWS_CA_BUNDLE"];

    private readonly ReadOnlyBind engine = new(program.Path, "/engine/terraform");

    /// <summary>Limits of a run.</summary>
    public SandboxLimits Limits { get; init; } = new();

    /// <summary>Plans.</summary>
    /// <param name="input">What.</param>
    /// <param name="proxy">The only way out, which must outlive this; null for no network at all. What was reached stands in its records.</param>
    /// <param name="stop">Cancels.</param>
    /// <exception cref="SandboxException">The sandbox did not start, or a limit was passed.</exception>
    public async Task<TerraformOutcome> PlanAsync(TerraformInput input, EgressProxy? proxy, CancellationToken stop)
    {
        var data = new DataFolder(sandbox, input);
        await using var cage = await sandbox.OpenAsync(Request(input, data, proxy), stop);
        await FillAsync(cage, input, data, proxy, stop);
        var (step, plan) = data.IsWhole ? await PlanAsync(cage, input, proxy, stop) : await InitAndPlanAsync(cage, input, proxy, stop);
        if (data.IsWhole && !plan.Succeeded && Asks.Any(ask => plan.Errors.AsSpan().IndexOf(ask) >= 0))
        {
            (step, plan) = await InitAndPlanAsync(cage, input, proxy, stop);
        }

        if (!plan.Succeeded)
        {
            return TerraformOutcome.Failed(step, plan);
        }

        proxy?.Allow([]);
        var show = await cage.RunAsync(Asked(input, "show", "-json", "-no-color", Up(input.Stack) + Result) with { SiftsPlan = true }, stop);
        return show.Succeeded ? new TerraformOutcome(show.Output, input.Packages.Listing, null, []) : TerraformOutcome.Failed("show", show);
    }

    /// <summary>The schemas of the input's providers, as JSON; null when the engine does not say.</summary>
    /// <exception cref="SandboxException">The sandbox did not start, or a limit was passed.</exception>
    public async Task<byte[]?> SchemasAsync(TerraformInput input, CancellationToken stop)
    {
        var data = new DataFolder(sandbox, input);
        await using var cage = await sandbox.OpenAsync(Request(input, data, null), stop);
        await FillAsync(cage, input, data, null, stop);
        var said = await SchemasAsync(cage, input, stop);
        if (!said.Succeeded && (await InitAsync(cage, input, stop)).Succeeded)
        {
            said = await SchemasAsync(cage, input, stop);
        }

        return said.Succeeded ? said.Output : null;
    }

    private Task<StepResult> SchemasAsync(Cage cage, TerraformInput input, CancellationToken stop) =>
        cage.RunAsync(new Step { Arguments = [sandbox.Shown(engine), "providers", "schema", "-json"], Folder = Folder(input.Stack), MostOutput = MostSchemas }, stop);

    private Task<StepResult> InitAsync(Cage cage, TerraformInput input, CancellationToken stop) =>
        RunAsync(cage, input, stop, "init", "-input=false", "-no-color", "-reconfigure", $"-plugin-dir={Up(input.Stack)}{DataFolder.Mirror}");

    // No network at all while it runs.
    private async Task<(string Step, StepResult Result)> InitAndPlanAsync(Cage cage, TerraformInput input, EgressProxy? proxy, CancellationToken stop)
    {
        proxy?.Allow([]);
        var init = await InitAsync(cage, input, stop);
        return init.Succeeded ? await PlanAsync(cage, input, proxy, stop) : ("init", init);
    }

    private async Task<(string Step, StepResult Result)> PlanAsync(Cage cage, TerraformInput input, EgressProxy? proxy, CancellationToken stop)
    {
        proxy?.Allow(input.Egress, [.. input.Clouds.Select(cloud => cloud.Gate)]);
        return ("plan", await RunAsync(cage, input, stop, ["plan", "-input=false", "-no-color", "-lock=false", $"-out={Up(input.Stack)}{Result}", .. Mode(input)]));
    }

    private SandboxRequest Request(TerraformInput input, DataFolder data, EgressProxy? proxy) => new()
    {
        Binds = [engine, .. data.Binds],
        EgressSocket = proxy?.SocketPath,
        Limits = Limits,
        Environment = new Dictionary<string, string>(Believed(input).Concat(input.Clouds.SelectMany(cloud => cloud.Environment)).Concat(Collecting(input)))
        {
            ["TF_CLI_CONFIG_FILE"] = "{work}/cli.tfrc",
            ["TF_DATA_DIR"] = "{work}/data",
            ["TF_IN_AUTOMATION"] = "1",
            ["TF_INPUT"] = "0",
            ["CHECKPOINT_DISABLE"] = "1",
            ["TF_WORKSPACE"] = input.Workspace,
            ["AWS_EC2_METADATA_DISABLED"] = "true",
        },
    };

    // Engine and providers read schemas of many megabytes and end soon: collecting less often takes a third off a plan.
    // A large state is all in use, so to collect at a gigabyte would be to collect all the time.
    private Dictionary<string, string> Collecting(TerraformInput input) => input.State.Bytes.Length < LargeState
        ? new() { ["GOGC"] = "300", ["GOMEMLIMIT"] = "1GiB" }
        : new() { ["GOGC"] = "100", ["GOMEMLIMIT"] = FormattableString.Invariant($"{Limits.Memory / 4 * 3 >> 20}MiB") };

    private static IEnumerable<string> Mode(TerraformInput input) => input.RefreshOnly ? ["-refresh-only"] : [];

    private static IEnumerable<KeyValuePair<string, string>> Believed(TerraformInput input) =>
        input.Clouds.Count == 0 ? [] : NamesOfAuthorities.Select(name => KeyValuePair.Create(name, "{work}/" + Authorities));

    private static async Task FillAsync(Cage cage, TerraformInput input, DataFolder data, EgressProxy? proxy, CancellationToken stop)
    {
        if (proxy is not null && input.Clouds.Count > 0)
        {
            await cage.WriteAsync(Authorities, proxy.Authority.Bundle(), stop);
        }

        foreach (var (path, content) in input.Files)
        {
            await cage.WriteAsync($"{Tree}/{path}", content(), stop);
        }

        await cage.WriteAsync("cli.tfrc", CliConfig.Nothing, stop);
        await data.WriteAsync(cage, Folder(input.Stack), Up(input.Stack), stop);
        await WriteOverridesAsync(cage, input, stop);
        await cage.WriteAsync("state/terraform.tfstate", input.State.Bytes, stop);
        if (input.Workspace != "default")
        {
            await cage.WriteAsync($"state/workspaces/{input.Workspace}/terraform.tfstate", input.State.Bytes, stop);
        }
    }

    private static async Task WriteOverridesAsync(Cage cage, TerraformInput input, CancellationToken stop)
    {
        for (var number = 0; number < input.Remote.Count; number++)
        {
            await cage.WriteAsync(BackendOverride.RemoteFile(number), input.Remote[number].State, stop);
        }

        var folder = CodePath.Normal(input.Stack) ?? ".";
        var remote = input.Remote.SelectMany((output, number) => output.Uses.Select(use => (Number: number, Use: use))).ToLookup(one => one.Use.Folder);
        await cage.WriteAsync($"{Folder(input.Stack)}/{BackendOverride.FileName}", BackendOverride.For(Up(input.Stack), remote[folder]), stop);
        foreach (var module in remote.Where(group => group.Key != folder))
        {
            await cage.WriteAsync($"{Folder(module.Key)}/{BackendOverride.FileName}", BackendOverride.ForModule(Up(input.Stack), module), stop);
        }
    }

    private async Task<StepResult> RunAsync(Cage cage, TerraformInput input, CancellationToken stop, params string[] arguments) => await cage.RunAsync(Asked(input, arguments), stop);

    private Step Asked(TerraformInput input, params string[] arguments) => new() { Arguments = [sandbox.Shown(engine), .. arguments], Folder = Folder(input.Stack), MostOutput = MostPlan };

    private static string Folder(string stack) => stack == "." ? Tree : $"{Tree}/{stack}";

    // Relative, for where the work folder lies is the sandbox's own choice.
    private static string Up(string stack) => string.Concat(Enumerable.Repeat("../", Folder(stack).Split('/').Length));
}
