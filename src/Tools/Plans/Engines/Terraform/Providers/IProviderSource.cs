namespace McpInfra.Tools.Plans.Engines.Terraform.Providers;

/// <summary>Where packages of providers come from: a mirror of the operator's, or a registry.</summary>
internal interface IProviderSource
{
    /// <summary>What it is, in our own words and its place; packages of one source are never taken for another's.</summary>
    string Name { get; }

    /// <summary>The versions that it has for a platform.</summary>
    /// <exception cref="EngineException">It does not answer, or not as such a source does.</exception>
    Task<IReadOnlyList<ProviderVersion>> VersionsAsync(ProviderAddress address, string platform, CancellationToken stop);

    /// <summary>One package; null when it has none of that version for the platform.</summary>
    /// <exception cref="EngineException">It does not answer, or cannot vouch for what it offers.</exception>
    Task<OfferedPackage?> OfferAsync(ProviderAddress address, ProviderVersion version, string platform, CancellationToken stop);
}

/// <summary>A package as a source offers it: in one of three forms.</summary>
/// <param name="Voucher">Why its hashes are to be believed, in our own words.</param>
internal sealed record OfferedPackage(string Voucher)
{
    /// <summary>Absolute path of the unpacked package.</summary>
    public string? Folder { get; init; }

    /// <summary>Absolute path of the archive.</summary>
    public string? Archive { get; init; }

    /// <summary>Where the archive is.</summary>
    public Uri? Url { get; init; }

    /// <summary>Hashes of which the package must have one; empty when the place alone vouches for it.</summary>
    public IReadOnlySet<string> Hashes { get; init; } = new HashSet<string>();
}
