namespace McpInfra.Tools.Plans.Engines.Terraform.Modules;

/// <summary>Where a module that is asked for lies, before it is fetched.</summary>
/// <param name="Source">What was asked for.</param>
/// <param name="Place">Its package: git or an archive.</param>
/// <param name="Commit">The commit, or the SHA-256 of the archive; null when an archive has to be fetched to know.</param>
internal sealed record FoundModule(RemoteSource Source, RemoteSource Place, string? Commit)
{
    /// <summary>What git is asked for to get the commit.</summary>
    public string Reference { get; init; } = Commit ?? "";

    /// <summary>The registry's version; null when it comes from none.</summary>
    public string? Version { get; init; }

    /// <summary>Why CI may fetch other code; null when it cannot.</summary>
    public string? Loose { get; init; }
}
