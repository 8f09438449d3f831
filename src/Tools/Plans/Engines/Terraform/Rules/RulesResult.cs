using McpInfra.Tools.Plans.Engines.Terraform.Modules;

namespace McpInfra.Tools.Plans.Engines.Terraform.Rules;

/// <summary>What the check of code found. Messages are our own words and never hold text of the code.</summary>
/// <param name="Faults">Why the code must not run; empty when it may. Cut after <see cref="TerraformRules.MostFaults"/>.</param>
/// <param name="Warnings">What may come out otherwise in CI than here, or touches more than this stack.</param>
/// <param name="Providers">The provider configurations that the stack uses.</param>
/// <param name="Folders">The stack's folder and those of its local modules, edited: what was read.</param>
public sealed record RulesResult(
    IReadOnlyList<RuleFault> Faults,
    IReadOnlyList<RuleFault> Warnings,
    IReadOnlyList<ProviderInUse> Providers,
    IReadOnlyList<string> Folders)
{
    /// <summary>Every provider that the stack needs, also those that no resource uses.</summary>
    public IReadOnlyList<RequiredSource> Required { get; init; } = [];

    /// <summary>Where every call of a module leads; null when that is not known, and the engine's own `init` has to find out.</summary>
    public IReadOnlyList<InstalledModule>? Modules { get; init; }

    /// <summary>Blocks that resources write by `dynamic`, as `type.name.block`.</summary>
    public IReadOnlySet<string> DynamicBlocks { get; init; } = new HashSet<string>();

    /// <summary>Where the code reads outputs of other stacks.</summary>
    public IReadOnlyList<RemoteStateUse> RemoteStates { get; init; } = [];

    /// <summary>Modules that must be fetched, and the code checked again with them, before it is known whether it may run.</summary>
    public IReadOnlyList<WantedModule> Wanted { get; init; } = [];

    /// <summary>Whether the code may run, as far as it was read.</summary>
    public bool Passed => Faults.Count == 0;

    /// <summary>Whether a provider would reach endpoints that are not in the stack's egress, and so want a credential of ours.</summary>
    public bool NeedsCredentials => Providers.Any(provider => provider.NeedsCredentials);
}

/// <summary>One place in code that breaks a rule.</summary>
/// <param name="File">Path within the repository.</param>
/// <param name="Line">From 1.</param>
/// <param name="Rule">What must not be, in our own words.</param>
/// <param name="Remedy">What mends it.</param>
public sealed record RuleFault(string File, int Line, string Rule, string Remedy)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}:{Line}: {Rule}; {Remedy}";
}

/// <summary>A provider configuration that the stack uses.</summary>
/// <param name="Source">Its source, such as `hashicorp/aws`: one of an allow-list, so no stranger's text.</param>
/// <param name="Alias">The configuration's alias, as code writes it; null for the default one.</param>
/// <param name="NeedsCredentials">Whether it would reach an endpoint that is not in egress.</param>
/// <param name="HasOwnKeys">Whether its block holds literal keys of its own.</param>
/// <param name="Missing">Services, by the provider's own words, whose endpoint is not in egress; empty when all are or when they are not known.</param>
public sealed record ProviderInUse(string Source, string? Alias, bool NeedsCredentials, bool HasOwnKeys, IReadOnlyList<string> Missing);
