using McpInfra.Tools.Sandbox;

namespace McpInfra.Tools.Plans.Engines.Terraform.Providers;

/// <summary>The operator's file-system mirror, packed or unpacked: https://developer.hashicorp.com/terraform/cli/config/config-file#filesystem_mirror.</summary>
/// <param name="root">Absolute path.</param>
internal sealed class FolderMirror(string root) : IProviderSource
{
    private const string Voucher = "the operator's file-system mirror";

    /// <inheritdoc/>
    public string Name => $"{Voucher} {root}";

    /// <inheritdoc/>
    public Task<IReadOnlyList<ProviderVersion>> VersionsAsync(ProviderAddress address, string platform, CancellationToken stop)
    {
        var folder = Folder(address);
        if (!Directory.Exists(folder))
        {
            return Task.FromResult<IReadOnlyList<ProviderVersion>>([]);
        }

        var unpacked = Directory.EnumerateDirectories(folder).Where(version => Directory.Exists(Path.Combine(version, platform))).Select(Path.GetFileName);
        var (before, after) = ($"terraform-provider-{address.Type}_", $"_{platform}.zip");
        var packed = Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file))
            .Where(name => name.Length > before.Length + after.Length && name.StartsWith(before, StringComparison.Ordinal) && name.EndsWith(after, StringComparison.Ordinal))
            .Select(name => name[before.Length..^after.Length]);
        return Task.FromResult<IReadOnlyList<ProviderVersion>>([.. unpacked.Concat(packed).Select(name => ProviderVersion.Parse(name!)).OfType<ProviderVersion>().Distinct()]);
    }

    /// <inheritdoc/>
    public Task<OfferedPackage?> OfferAsync(ProviderAddress address, ProviderVersion version, string platform, CancellationToken stop)
    {
        var unpacked = Path.Combine(Folder(address), version.ToString(), platform);
        var packed = Path.Combine(Folder(address), $"terraform-provider-{address.Type}_{version}_{platform}.zip");
        return Task.FromResult(
            Directory.Exists(unpacked) ? new OfferedPackage(Voucher) { Folder = OwnProgram.Resolved(unpacked) }
            : File.Exists(packed) ? new OfferedPackage(Voucher) { Archive = OwnProgram.Resolved(packed) }
            : null);
    }

    private string Folder(ProviderAddress address) => Path.Combine(root, address.Host, address.Namespace, address.Type);
}
