namespace McpInfra.Tools.Plans.Engines.Terraform.Rules;

/// <summary>A provider that a stack needs.</summary>
/// <param name="Source">Its source, in the one spelling of <see cref="ProviderSource"/>.</param>
/// <param name="Versions">What modules ask of its version, as they write it.</param>
public sealed record RequiredSource(string Source, IReadOnlyList<string> Versions);
