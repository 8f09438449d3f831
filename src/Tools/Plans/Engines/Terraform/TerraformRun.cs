using McpInfra.Tools.Plans.State;
using McpInfra.Tools.Sandbox;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Engines.Terraform;

/// <summary>One plan by the real terraform in a cage: init, plan, show.</summary>
public sealed class TerraformRun(ISandbox sandbox, TerraformProgram program)
{
    private const string Tree = "tree";
    private const string Result = "result.tfplan";
    private const string Authorities = "authorities.pem";
    private const int MostPlan = 64 << 20;
    private const long DiskWithMirror = 1L << 30;
    private const long DiskWithDownloads = 4L << 30;

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
        await using var cage = await sandbox.OpenAsync(Request(input, proxy), stop);
        await FillAsync(cage, input, proxy, stop);
        proxy?.Allow(program.Config.Reaches);
        var init = await RunAsync(cage, input, stop, "init", "-input=false", "-no-color");
        if (!init.Succeeded)
        {
            return TerraformOutcome.Failed("init", init);
        }

        var locked = await cage.RunAsync(new Step { Read = $"{Folder(input.Stack)}/.terraform.lock.hcl" }, stop);
        proxy?.Allow(input.Egress, [.. input.Clouds.Select(cloud => cloud.Gate)]);
        var plan = await RunAsync(cage, input, stop, ["plan", "-input=false", "-no-color", "-lock=false", $"-out={Up(input.Stack)}{Result}", .. Mode(input)]);
        if (!plan.Succeeded)
        {
            return TerraformOutcome.Failed("plan", plan);
        }

        proxy?.Allow([]);
        var show = await RunAsync(cage, input, stop, "show", "-json", "-no-color", Up(input.Stack) + Result);
        return show.Succeeded ? new TerraformOutcome(show.Output, locked.Output, null, []) : TerraformOutcome.Failed("show", show);
    }

    private SandboxRequest Request(TerraformInput input, EgressProxy? proxy) => new()
    {
        Binds = [engine, .. program.Config.Mirrors],
        EgressSocket = proxy?.SocketPath,
        Limits = Limits with { Disk = program.Config.Reaches.Count == 0 || proxy is null ? DiskWithMirror : DiskWithDownloads },
        Environment = new Dictionary<string, string>(Believed(input).Concat(input.Clouds.SelectMany(cloud => cloud.Environment)))
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

    private static IEnumerable<string> Mode(TerraformInput input) => input.RefreshOnly ? ["-refresh-only"] : [];

    private static IEnumerable<KeyValuePair<string, string>> Believed(TerraformInput input) =>
        input.Clouds.Count == 0 ? [] : NamesOfAuthorities.Select(name => KeyValuePair.Create(name, "{work}/" + Authorities));

    private async Task FillAsync(Cage cage, TerraformInput input, EgressProxy? proxy, CancellationToken stop)
    {
        if (proxy is not null && input.Clouds.Count > 0)
        {
            await cage.WriteAsync(Authorities, proxy.Authority.Bundle(), stop);
        }

        foreach (var (path, content) in input.Files)
        {
            await cage.WriteAsync($"{Tree}/{path}", content(), stop);
        }

        await cage.WriteAsync("cli.tfrc", program.Config.Generate(sandbox.Shown), stop);
        await cage.WriteAsync($"{Folder(input.Stack)}/{BackendOverride.FileName}", BackendOverride.For(Up(input.Stack)), stop);
        await cage.WriteAsync("state/terraform.tfstate", input.State.Bytes, stop);
        if (input.Workspace != "default")
        {
            await cage.WriteAsync($"state/workspaces/{input.Workspace}/terraform.tfstate", input.State.Bytes, stop);
        }
    }

    private async Task<StepResult> RunAsync(Cage cage, TerraformInput input, CancellationToken stop, params string[] arguments) =>
        await cage.RunAsync(new Step { Arguments = [sandbox.Shown(engine), .. arguments], Folder = Folder(input.Stack), MostOutput = MostPlan }, stop);

    private static string Folder(string stack) => stack == "." ? Tree : $"{Tree}/{stack}";

    // Relative, for where the work folder lies is the sandbox's own choice.
    private static string Up(string stack) => string.Concat(Enumerable.Repeat("../", Folder(stack).Split('/').Length));
}
