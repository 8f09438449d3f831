using System.Runtime.InteropServices;
using McpInfra.Tools.Sandbox;

namespace McpInfra.Tools.Plans.Engines.Terraform.Providers;

/// <summary>
/// Finds the providers of a stack and checks each one's hash before it runs: against the lock file, and against the operator's mirror or a registry's signed checksums.
/// A package in a mirror that only its owner can write is used where it lies; any other is kept in the cache.
/// </summary>
/// <param name="cache">Keeps what was unpacked.</param>
/// <param name="handler">Makes the requests; null for the real one.</param>
public sealed class ProviderPackages(PackageCache cache, HttpMessageHandler? handler = null) : IDisposable
{
    private const long MostArchive = 2L << 30;

    private readonly Downloads downloads = new(handler);

    /// <summary>The platform that a sandbox runs, as registries name it.</summary>
    public static string Platform(SandboxKind kind) =>
        (kind is not SandboxKind.None || OperatingSystem.IsLinux() ? "linux" : OperatingSystem.IsMacOS() ? "darwin" : "windows")
        + (RuntimeInformation.OSArchitecture is Architecture.Arm64 ? "_arm64" : "_amd64");

    /// <summary>The packages that a run needs.</summary>
    /// <param name="config">Where providers come from.</param>
    /// <param name="required">What the code asks for; what is built into the engine is passed over.</param>
    /// <param name="locked">The stack's lock file; null when it has none.</param>
    /// <param name="platform">The platform that runs them.</param>
    /// <param name="stop">Cancels.</param>
    /// <exception cref="EngineException">One cannot be had, or is not what the lock file says.</exception>
    public async Task<PackageSet> OfAsync(CliConfig config, IReadOnlyList<RequiredProvider> required, LockFile? locked, string platform, CancellationToken stop)
    {
        var packages = new List<VerifiedPackage>();
        var leases = new List<IDisposable>();
        try
        {
            foreach (var provider in required.Where(provider => !provider.Address.IsBuiltIn).OrderBy(provider => provider.Address.ToString(), StringComparer.Ordinal))
            {
                var pin = locked?.Providers.FirstOrDefault(pin => pin.Address == provider.Address);
                var sources = Sources(config, provider.Address);
                var version = pin?.Version ?? await NewestAsync(sources, provider, platform, stop);
                var (package, lease) = await FirstAsync(sources, provider.Address, version, pin, platform, stop);
                packages.Add(package);
                leases.AddRange(lease is null ? [] : [lease]);
            }

            return new PackageSet(packages, leases);
        }
        catch
        {
            leases.ForEach(lease => lease.Dispose());
            throw;
        }
    }

    /// <summary>Closes its connections.</summary>
    public void Dispose() => downloads.Dispose();

    private List<IProviderSource> Sources(CliConfig config, ProviderAddress address) => [.. config.Methods
        .Where(method => (method.Include.Count == 0 || method.Include.Any(address.Matches)) && !method.Exclude.Any(address.Matches))
        .Select(method => method.Kind switch
        {
            "filesystem_mirror" => new FolderMirror(OwnProgram.Resolved(method.Place!)),
            "network_mirror" => new NetworkMirror(new Uri(method.Place!), downloads),
            _ => (IProviderSource)new Registry(downloads),
        })];

    private static async Task<ProviderVersion> NewestAsync(List<IProviderSource> sources, RequiredProvider provider, string platform, CancellationToken stop)
    {
        var versions = new List<ProviderVersion>();
        foreach (var source in sources)
        {
            versions.AddRange(await source.VersionsAsync(provider.Address, platform, stop));
        }

        return versions.Where(version => provider.Constraints.All(constraint => constraint.Allow(version))).Max()
            ?? throw Absent(provider.Address, versions.Count == 0 ? "in no mirror or registry for this platform" : "not there in a version that the code allows");
    }

    private async Task<(VerifiedPackage Package, IDisposable? Lease)> FirstAsync(
        List<IProviderSource> sources, ProviderAddress address, ProviderVersion version, LockedProvider? pin, string platform, CancellationToken stop)
    {
        var wanted = pin is { Hashes.Count: > 0 } ? pin.Hashes : null;
        foreach (var source in sources)
        {
            var key = $"{source.Name} {address} {version} {platform}";
            if (await KeptAsync(source, key, address, version, platform, stop) is not { } kept)
            {
                continue;
            }

            if (wanted is null || wanted.Contains(kept.Package.Hash) || wanted.Contains(kept.Package.Archive))
            {
                var voucher = wanted is null ? $"{kept.Package.Voucher}; no lock file pins it" : $"the lock file and {kept.Package.Voucher}";
                return (new(address, version, kept.Package.Hash, kept.Folder, voucher), kept.Lease);
            }

            kept.Lease?.Dispose();
            throw new EngineException(
                $"The provider {address} {version} from {kept.Package.Voucher} is not the one that the stack's {LockFile.FileName} pins. If the lock file was made on another platform, run `terraform providers lock -platform={platform}` and commit it; if not, somebody changed one of the two, and it was not run.");
        }

        throw Absent(address, $"not there in version {version} for {platform}");
    }

    private async Task<Kept?> KeptAsync(IProviderSource source, string key, ProviderAddress address, ProviderVersion version, string platform, CancellationToken stop)
    {
        if (cache.Known.Of(key) is { } known && cache.Find(known.Hash) is var (there, held))
        {
            return new(known, there, held);
        }

        if (await source.OfferAsync(address, version, platform, stop) is not { } offer)
        {
            return null;
        }

        if (offer.Folder is { } folder && FileStamp.IsGuarded(folder))
        {
            return new(new(cache.Hashes.Of(folder), "", offer.Voucher), folder, null);
        }

        var package = offer.Folder is { } open ? new KnownPackage(cache.Copy(open), "", offer.Voucher) : await UnpackedAsync(offer, stop);
        if (offer.Url is not null)
        {
            cache.Known.Remember(key, package); // A mirror's folder may change under the same version; what was downloaded does not.
        }

        var (place, lease) = cache.Find(package.Hash) ?? throw new EngineException("A provider's package left the cache while it was added. Plan again.");
        return new(package, place, lease);
    }

    private async Task<KnownPackage> UnpackedAsync(OfferedPackage offer, CancellationToken stop)
    {
        await using var archive = offer.Archive is { } path ? File.OpenRead(path) : cache.Scratch();
        if (offer.Url is { } url)
        {
            await downloads.SaveAsync(url, archive, MostArchive, stop);
            archive.Position = 0;
        }

        var sum = PackageHash.OfArchive(archive);
        archive.Position = 0;
        var hash = cache.Known.Of(sum) is { } before && cache.Has(before.Hash) ? before.Hash : cache.Unpack(archive);
        if (offer.Hashes.Count > 0 && !offer.Hashes.Contains(sum) && !offer.Hashes.Contains(hash))
        {
            throw new EngineException($"A provider's package is not the one that {offer.Voucher} names. It was not run.");
        }

        cache.Known.Remember(sum, new(hash, sum, ""));
        return new(hash, sum, offer.Voucher);
    }

    private static EngineException Absent(ProviderAddress address, string why) => new(
        $"The provider {address} is {why}. Put it into the mirror that engines.terraform.cli_config names (`terraform providers mirror FOLDER`), or let that configuration name another source.");

    private sealed record Kept(KnownPackage Package, string Folder, IDisposable? Lease);
}
