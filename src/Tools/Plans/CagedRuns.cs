using McpInfra.Tools.Plans.Cloud;
using McpInfra.Tools.Plans.Engines.Terraform;
using McpInfra.Tools.Plans.Engines.Terraform.Providers;
using McpInfra.Tools.Plans.Engines.Terraform.Rules;
using McpInfra.Tools.Plans.State;
using McpInfra.Tools.Sandbox;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans;

/// <summary>Runs the engine in the cage, with the stack's clouds behind their gates and its listed endpoints as the only way out, and has what was reached recorded.</summary>
/// <param name="sandbox">Where it runs.</param>
/// <param name="clouds">What runs get of clouds.</param>
/// <param name="secrets">The organisation's tokens.</param>
/// <param name="record">Where what was reached is recorded.</param>
public sealed class CagedRuns(ISandbox sandbox, Clouds clouds, PlanSecrets secrets, PlanRecord record)
{
    private const long MemoryOfByte = 16; // What terraform holds at least of a state's byte while it shows a plan; small resources take half as much again.

    /// <summary>Where it runs.</summary>
    public ISandbox Sandbox => sandbox;

    /// <summary>What one run may use.</summary>
    public SandboxLimits Limits { get; init; } = new();

    /// <summary>Refuses a state that no run could plan with the memory that it may have.</summary>
    /// <exception cref="PlanFault">It is one.</exception>
    internal void Admit(StackState state)
    {
        if (state.Bytes is { LongLength: var bytes } && bytes * MemoryOfByte > Limits.Memory)
        {
            var gigabytes = ((bytes * MemoryOfByte) >> 30) + 1;
            throw PlanFault.Of($"The stack's state has {bytes >> 20} MB, for which terraform needs {gigabytes} GB of memory, and a run may have {Limits.Memory >> 20} MB. Set engines.terraform.memory_gb in mcp-infra.yaml to {gigabytes} or more, or split the stack, so that each part keeps a state of its own.");
        }
    }

    /// <summary>Opens a run, which starts while what goes into it is made.</summary>
    /// <exception cref="SandboxException">The sandbox did not start.</exception>
    internal async Task<CagedRun> OpenAsync(string id, PlanRequest request, RulesResult rules, GroundsNow now, PackageSet packages, CancellationToken stop)
    {
        var proxy = rules.Providers.Any(provider => !provider.Source.StartsWith("terraform.io/builtin/", StringComparison.Ordinal)) ? EgressProxy.Start(outside: record.Outside, journal: new EgressJournal(asked => record.AskedAsync(id, request, asked))) : null;
        try
        {
            var run = await TerraformRun.OpenAsync(sandbox, now.Program, packages, proxy, Limits.For(now.State.Bytes?.Length ?? 0), stop);
            return new CagedRun(run, proxy, state => clouds.Open(request.Caller, request.Stack, new RunSecrets(secrets.Tokens, state)), reached => record.ReachedAsync(id, request, reached, CancellationToken.None));
        }
        catch
        {
            await (proxy?.DisposeAsync() ?? default);
            throw;
        }
    }
}
