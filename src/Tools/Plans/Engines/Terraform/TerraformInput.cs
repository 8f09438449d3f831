using McpInfra.Tools.Plans.Cloud;
using McpInfra.Tools.Plans.Engines.Terraform.Providers;
using McpInfra.Tools.Plans.Engines.Terraform.Rules;
using McpInfra.Tools.Plans.State;
using McpInfra.Tools.Sandbox;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Engines.Terraform;

/// <summary>What one run plans.</summary>
/// <param name="Files">Every file of the edited tree that may enter, by path, read when it is written.</param>
/// <param name="Stack">The stack's folder; "." for the root.</param>
/// <param name="Workspace">The workspace.</param>
/// <param name="State">The sanitised state.</param>
/// <param name="Egress">Endpoints that providers may reach while the plan runs.</param>
public sealed record TerraformInput(
    IReadOnlyList<(string Path, Func<byte[]> Content)> Files, string Stack, string Workspace, SanitizedState State, IReadOnlyList<Sandbox.Egress.Endpoint> Egress)
{
    /// <summary>What it gets of clouds, each by a gate.</summary>
    public IReadOnlyList<CloudAccess> Clouds { get; init; } = [];

    /// <summary>Only compare the state with the cloud; leave the code aside.</summary>
    public bool RefreshOnly { get; init; }

    /// <summary>Outputs of other stacks that the code reads.</summary>
    public IReadOnlyList<RemoteOutput> Remote { get; init; } = [];

    /// <summary>The providers that may run.</summary>
    public PackageSet Packages { get; init; } = PackageSet.Empty;

    /// <summary>Configurations of providers: a process for each runs while it is planned.</summary>
    public int Configurations { get; init; } = 1;

    /// <summary>Where every call of a module leads; null when the engine has to find out.</summary>
    public IReadOnlyList<InstalledModule>? Modules { get; init; }
}

/// <summary>What a run gave back: a plan, or the step that failed. All bytes are a stranger's.</summary>
/// <param name="Plan">The plan as JSON; empty when a step failed.</param>
/// <param name="Providers">Address, version and hash of the providers used, one a line.</param>
/// <param name="FailedStep">init, plan or show; null when none failed.</param>
/// <param name="Errors">What the engine said of it.</param>
public sealed record TerraformOutcome(byte[] Plan, byte[] Providers, string? FailedStep, byte[] Errors)
{
    private const int BySignal = 128;

    internal static TerraformOutcome Failed(string step, StepResult result) => new(
        [],
        [],
        step + result switch
        {
            { Ending: StepEnding.Flooded } => " (it wrote more than it may)",
            { Ending: StepEnding.NotStarted } => " (it did not start)",
            { Exit: > BySignal } => $" (it was killed by signal {result.Exit - BySignal})",
            _ => "",
        },
        result.Errors);
}
