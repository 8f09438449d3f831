namespace McpInfra.Tools.Plans.Engines.Terraform.Providers;

/// <summary>A provider that a stack's code or state names.</summary>
/// <param name="Address">Its name.</param>
/// <param name="Constraints">What every module asks of its version.</param>
public sealed record RequiredProvider(ProviderAddress Address, IReadOnlyList<VersionConstraints> Constraints);
