using System.Net;
using McpInfra.Tools.Git;
using McpInfra.Tools.Plans.Engines.Terraform.Providers;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Engines.Terraform.Modules;

/// <summary>Fetches modules from git, and from registries that lead to git: resolved to a commit, without a credential, into bare copies in the state folder. Nothing of them is run here.</summary>
/// <param name="folder">Where the copies lie.</param>
/// <param name="time">The clock.</param>
/// <param name="handler">Makes the registries' requests; null for the real one.</param>
public sealed class ModulePackages(string folder, TimeProvider time, HttpMessageHandler? handler = null) : IDisposable
{
    private const int MostPackages = 50;
    private const int MostCopies = 100;

    private readonly Downloads downloads = new(handler);

    /// <summary>Fetches what is wanted beside what was fetched already.</summary>
    /// <exception cref="EngineException">One cannot be had.</exception>
    public async Task<FetchedModules> WithAsync(FetchedModules known, IEnumerable<WantedModule> wanted, CancellationToken stop)
    {
        var packages = known.Packages.ToList();
        foreach (var one in wanted.Distinct().Where(one => known.Find(one) is null))
        {
            if (packages.Count >= MostPackages)
            {
                throw new EngineException($"A stack may use at most {MostPackages} fetched modules. Split the stack.");
            }

            packages.Add(await FetchAsync(one, stop));
        }

        return new FetchedModules(packages);
    }

    /// <summary>The marks of the same modules as they would be fetched now.</summary>
    /// <param name="marks">What <see cref="FetchedModules.Marks"/> gave.</param>
    /// <param name="stop">Cancels.</param>
    /// <exception cref="EngineException">One cannot be had any more.</exception>
    public async Task<string> NowAsync(string marks, CancellationToken stop)
    {
        var now = new List<string>();
        foreach (var line in marks.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split(' ');
            var place = await FindAsync(new WantedModule(parts[0], parts[1].Replace(',', ' ')), stop);
            now.Add($"{parts[0]} {parts[1]} {place.Commit}");
        }

        return string.Join('\n', now);
    }

    /// <inheritdoc/>
    public void Dispose() => downloads.Dispose();

    private async Task<FetchedModule> FetchAsync(WantedModule wanted, CancellationToken stop)
    {
        var found = await FindAsync(wanted, stop);
        var copy = new BareCopy(found.Url, folder, time);
        var repository = new Repository(new RepositorySettings("module", copy.Path, new ForgeSettings("local", null, null), []), null, time);
        Prune(copy.Path);
        try
        {
            if (!File.Exists(Path.Combine(copy.Path, "HEAD")) || repository.Revision(found.Commit) is null)
            {
                await CheckAddressAsync(found.Source.Package, found.Url, stop);
                await copy.UseAsync(git => git(["fetch", "--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", "--", found.Url, found.Reference]), stop);
            }

            var revision = repository.Revision(found.Commit) ?? throw new EngineException($"The module {found.Source.Package} moved while it was fetched. Plan again.");
            var place = $"{FetchedModules.Root}/{Name(found.Url)}@{found.Commit}";
            return new FetchedModule(wanted, found.Source, found.Version, found.Commit)
            {
                Place = place,
                Repository = repository,
                Files = [.. repository.Files(revision.Tree).Select(file => file with { Path = $"{place}/{file.Path}" })],
                Loose = found.Loose,
            };
        }
        catch (RepositoryException exception)
        {
            throw new EngineException($"The module {found.Source.Package} cannot be fetched: {exception.Message}", exception);
        }
    }

    private async Task<Found> FindAsync(WantedModule wanted, CancellationToken stop) => RemoteSource.Parse(wanted.Source) switch
    {
        RemoteSource.Git git => await ResolveAsync(git, git, null, stop),
        RemoteSource.Registry registry => await OfRegistryAsync(registry, wanted.Version, stop),
        _ => throw new EngineException("A module's source is none that is fetched."),
    };

    private async Task<Found> OfRegistryAsync(RemoteSource.Registry source, string constraint, CancellationToken stop)
    {
        var constraints = VersionConstraints.Parse(constraint) ?? throw new EngineException($"The version of the module {source.Package} is no version constraint. Correct it.");
        var registry = new ModuleRegistry(downloads);
        var version = (await registry.VersionsAsync(source, stop)).Where(constraints.Allow).Max() ?? throw new EngineException($"The registry has no version of the module {source.Package} that the code allows.");
        var location = await registry.LocationAsync(source, version, stop);
        var package = RemoteSource.Parse(location) as RemoteSource.Git ?? throw new EngineException($"The registry hands out the module {source.Package} as something else than git over https, which is not fetched here. Copy the module into the repository.");
        var loose = ProviderVersion.Parse(constraint.TrimStart('=').Trim()) == version ? null : "the module's version is a range, and CI may take a newer one";
        var folder = package.Folder == "." ? source.Folder : source.Folder == "." ? package.Folder : $"{package.Folder}/{source.Folder}";
        return await ResolveAsync(package, source with { Folder = folder }, version.ToString(), stop) with { Loose = loose };
    }

    private async Task<Found> ResolveAsync(RemoteSource.Git git, RemoteSource source, string? version, CancellationToken stop)
    {
        if (git.Reference is { Length: 40 } commit && commit.All(char.IsAsciiHexDigitLower))
        {
            return new Found(source, git.Url, version, commit, commit, null);
        }

        await CheckAddressAsync(git.Package, git.Url, stop);
        try
        {
            var wanted = git.Reference is { } reference ? new[] { "refs/tags/" + reference, "refs/heads/" + reference } : ["HEAD"];
            var listing = await new BareCopy(git.Url, folder, time).UseAsync(run => run(["ls-remote", "--", git.Url, .. wanted, .. wanted.Select(name => name + "^{}")]), stop);
            var names = listing.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')).Where(parts => parts is [{ Length: 40 }, _]).ToLookup(parts => parts[1], parts => parts[0]);

            // A tag stands before a branch of its name, as in git; `^{}` is the commit that an annotated tag is of.
            var (name, id) = wanted.Where(names.Contains).Select(name => (name, names[name + "^{}"].Concat(names[name]).First())).FirstOrDefault();
            return name is null
                ? throw new EngineException($"The module {git.Package} has no tag or branch of the name in `ref`. Correct it.")
                : new Found(source, git.Url, version, id, name, "the module's ref can be moved to other code before CI fetches it");
        }
        catch (RepositoryException exception)
        {
            throw new EngineException($"The module {git.Package} cannot be fetched: {exception.Message}", exception);
        }
    }

    // git looks names up by itself; what leads where nothing may be asked is refused before it is started.
    private static async Task CheckAddressAsync(string package, string address, CancellationToken stop)
    {
        if (new Uri(address) is { Scheme: "https" } url && (await AddressesAsync(url.IdnHost, stop)).Any(ForbiddenAddress.Contains))
        {
            throw new EngineException($"The module {package} leads to a link-local, metadata or other forbidden address.");
        }
    }

    private static async Task<IPAddress[]> AddressesAsync(string host, CancellationToken stop)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(host, stop);
        }
        catch (System.Net.Sockets.SocketException)
        {
            return []; // Behind a proxy, only the proxy knows it.
        }
    }

    private void Prune(string keep)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (var old in new DirectoryInfo(folder).EnumerateDirectories("*.git").Where(copy => copy.FullName != keep).OrderByDescending(copy => copy.LastWriteTimeUtc).Skip(MostCopies))
        {
            old.Delete(recursive: true);
        }
    }

    // For people who read where a fault is; the commit makes it one of a kind.
    private static string Name(string url)
    {
        var last = url.TrimEnd('/').Split('/')[^1];
        var name = last.EndsWith(".git", StringComparison.Ordinal) ? last[..^4] : last;
        return new string([.. name.Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_').Take(60)]);
    }

    private sealed record Found(RemoteSource Source, string Url, string? Version, string Commit, string Reference, string? Loose);
}
