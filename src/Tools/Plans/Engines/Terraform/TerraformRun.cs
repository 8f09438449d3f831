using McpInfra.Tools.Plans.Engines.Terraform.Providers;
using McpInfra.Tools.Plans.State;
using McpInfra.Tools.Sandbox;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Engines.Terraform;

/// <summary>A cage with the real terraform and verified providers in it, open before it is known what is planned: it starts while the rest is found out.</summary>
public sealed class TerraformRun : IAsyncDisposable
{
    private const string Result = "result.tfplan";
    private const int MostPlan = 64 << 20;
    private const int MostSchemas = 256 << 20;

    // What the engine asks for when what it finds is not what its own init leaves.
    private static readonly byte[][] Asks = ["terraform init"u8.ToArray(), "tofu init"u8.ToArray()];

    private readonly ISandbox sandbox;
    private readonly Cage cage;
    private readonly EgressProxy? proxy;
    private readonly SandboxLimits limits;
    private readonly string engine;

    private TerraformRun(ISandbox sandbox, Cage cage, string engine, EgressProxy? proxy, SandboxLimits limits) => (this.sandbox, this.cage, this.engine, this.proxy, this.limits) = (sandbox, cage, engine, proxy, limits);

    /// <summary>Opens it.</summary>
    /// <param name="sandbox">Where it runs.</param>
    /// <param name="program">The engine.</param>
    /// <param name="packages">The providers that may run.</param>
    /// <param name="proxy">The only way out, which must outlive this; null for no network at all. What was reached stands in its records.</param>
    /// <param name="limits">What it may use.</param>
    /// <param name="stop">Cancels.</param>
    /// <exception cref="SandboxException">The sandbox did not start.</exception>
    public static async Task<TerraformRun> OpenAsync(ISandbox sandbox, TerraformProgram program, PackageSet packages, EgressProxy? proxy, SandboxLimits limits, CancellationToken stop)
    {
        var engine = new ReadOnlyBind(program.Path, "/engine/terraform");
        var platform = ProviderPackages.Platform(sandbox.Kind);
        var request = new SandboxRequest { Binds = [engine, .. packages.Packages.Select(package => package.Bind(platform))], EgressSocket = proxy?.SocketPath, Limits = limits };
        return new(sandbox, await sandbox.OpenAsync(request, stop), sandbox.Shown(engine), proxy, limits);
    }

    /// <summary>The schemas of the input's providers, as JSON; null when the engine does not say. Asked before anything to plan is there, and without a way out.</summary>
    /// <exception cref="SandboxException">A limit was passed.</exception>
    public async Task<byte[]?> SchemasAsync(TerraformInput input, CancellationToken stop)
    {
        var files = new RunFiles(sandbox, input, "schemas/");
        await files.WriteAsync(cage, null, stop);
        var ask = new Step { Arguments = [engine, "providers", "schema", "-json"], Folder = files.Folder, Environment = Environment(files, input), MostOutput = MostSchemas };
        var said = await cage.RunAsync(ask, stop);
        if (!said.Succeeded && (await InitAsync(files, input, stop)).Succeeded)
        {
            said = await cage.RunAsync(ask, stop);
        }

        return said.Succeeded ? said.Output : null;
    }

    /// <summary>Plans: plan and show, and init before them only when the engine asks for it.</summary>
    /// <exception cref="SandboxException">A limit was passed.</exception>
    public async Task<TerraformOutcome> PlanAsync(TerraformInput input, CancellationToken stop)
    {
        var files = new RunFiles(sandbox, input);
        await files.WriteAsync(cage, proxy?.Authority, stop);
        var (step, plan) = files.IsWhole ? await PlanAsync(files, input, stop) : await InitAndPlanAsync(files, input, stop);
        if (files.IsWhole && !plan.Succeeded && Asks.Any(ask => plan.Errors.AsSpan().IndexOf(ask) >= 0))
        {
            (step, plan) = await InitAndPlanAsync(files, input, stop);
        }

        if (!plan.Succeeded)
        {
            return TerraformOutcome.Failed(step, plan);
        }

        proxy?.Allow([]);
        var show = await cage.RunAsync(Asked(files, input, "show", "-json", "-no-color", files.Up + Result) with { SiftsPlan = true }, stop);
        return show.Succeeded ? new TerraformOutcome(show.Output, input.Packages.Listing, null, []) : TerraformOutcome.Failed("show", show);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => cage.DisposeAsync();

    private Task<StepResult> InitAsync(RunFiles files, TerraformInput input, CancellationToken stop) =>
        cage.RunAsync(Asked(files, input, "init", "-input=false", "-no-color", "-reconfigure", $"-plugin-dir={files.Up}{DataFolder.Mirror}"), stop);

    // No network at all while it runs.
    private async Task<(string Step, StepResult Result)> InitAndPlanAsync(RunFiles files, TerraformInput input, CancellationToken stop)
    {
        proxy?.Allow([]);
        var init = await InitAsync(files, input, stop);
        return init.Succeeded ? await PlanAsync(files, input, stop) : ("init", init);
    }

    private async Task<(string Step, StepResult Result)> PlanAsync(RunFiles files, TerraformInput input, CancellationToken stop)
    {
        proxy?.Allow(input.Egress, [.. input.Clouds.Select(cloud => cloud.Gate)]);
        return ("plan", await cage.RunAsync(Asked(files, input, ["plan", "-input=false", "-no-color", "-lock=false", $"-out={files.Up}{Result}", .. input.RefreshOnly ? ["-refresh-only"] : Array.Empty<string>()]), stop));
    }

    private Step Asked(RunFiles files, TerraformInput input, params string[] arguments) => new() { Arguments = [engine, .. arguments], Folder = files.Folder, Environment = Environment(files, input), MostOutput = MostPlan };

    private Dictionary<string, string> Environment(RunFiles files, TerraformInput input) => new(files.Environment.Concat(Collecting.Of(input.State.Bytes.Length, input.Configurations, limits.Memory)));
}
