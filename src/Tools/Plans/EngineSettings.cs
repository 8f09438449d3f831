using McpInfra.Tools.Plans.Engines.Terraform.Modules;
using McpInfra.Tools.Plans.Engines.Terraform.Rules;
using McpInfra.Tools.Sandbox;

namespace McpInfra.Tools.Plans;

/// <summary>How the operator wants an engine run.</summary>
/// <param name="Path">The engine's program: a name on PATH or an absolute path.</param>
/// <param name="CliConfig">A terraform CLI configuration from which only provider_installation mirrors are taken.</param>
public sealed record EngineSettings(string Path = "terraform", string? CliConfig = null)
{
    /// <summary>What code may use in a plan.</summary>
    public AllowedCode Allowed { get; init; } = new();

    /// <summary>Hosts of modules that want a login.</summary>
    public IReadOnlyList<ModuleHost> Hosts { get; init; } = [];

    /// <summary>What one run may use.</summary>
    public SandboxLimits Limits { get; init; } = new();
}
