using McpInfra.Tools.Git;
using McpInfra.Tools.Plans.Engines.Terraform.Modules;

namespace McpInfra.Tools.Plans.Engines.Terraform.Rules;

/// <summary>The code that a plan would run, with what it is compared to and what the operator allows.</summary>
/// <param name="Files">Every entry of the edited tree, links and submodules too.</param>
/// <param name="Base">Every entry of the tree before the edits.</param>
/// <param name="Stack">The stack's folder; "." for the root.</param>
/// <param name="Read">The bytes of an entry of either tree; asked only for engine files and templates within the size limits.</param>
public sealed record CodeUnderPlan(IReadOnlyList<TreeFile> Files, IReadOnlyList<TreeFile> Base, string Stack, Func<TreeFile, byte[]> Read)
{
    /// <summary>host:port of endpoints that need no credential of ours.</summary>
    public IReadOnlyList<string> Egress { get; init; } = [];

    /// <summary>What it may use.</summary>
    public AllowedCode Allowed { get; init; } = new();

    /// <summary>Modules that lie beside both trees.</summary>
    public FetchedModules Fetched { get; init; } = FetchedModules.None;

    /// <summary>The workspace that it is planned in.</summary>
    public string Workspace { get; init; } = "default";
}
