using McpInfra.Guardrails;
using McpInfra.Tools.Git;
using McpInfra.Tools.Plans.Engines.Terraform.Providers;

namespace McpInfra.Tools.Plans.Engines.Terraform.Modules;

/// <summary>Fetches modules from git, from archives, and from registries that lead to either: each pinned to a commit or a hash, from allowed hosts alone. Nothing of them is run here.</summary>
public sealed class ModulePackages : IDisposable
{
    private const int MostPackages = 50;

    private readonly ModuleAccess access;
    private readonly Downloads downloads;
    private readonly GitModules git;
    private readonly ArchiveModules archives;

    /// <param name="access">Where they may come from, and as whom their hosts are asked.</param>
    /// <param name="folder">Where they are kept.</param>
    /// <param name="time">The clock.</param>
    /// <param name="handler">Makes the requests; null for the real one.</param>
    public ModulePackages(ModuleAccess access, string folder, TimeProvider time, HttpMessageHandler? handler = null)
    {
        this.access = access;
        downloads = new Downloads(handler);
        git = new GitModules(access, folder, time, handler);
        archives = new ArchiveModules(access, folder, downloads);
    }

    /// <summary>Fetches what is wanted beside what was fetched already.</summary>
    /// <exception cref="EngineException">One cannot be had.</exception>
    public async Task<FetchedModules> WithAsync(FetchedModules known, IEnumerable<WantedModule> wanted, Caller caller, CancellationToken stop)
    {
        var packages = known.Packages.ToList();
        foreach (var one in wanted.Distinct().Where(one => known.Find(one) is null))
        {
            if (packages.Count >= MostPackages)
            {
                throw new EngineException($"A stack may use at most {MostPackages} fetched modules. Split the stack.");
            }

            packages.Add(await FetchAsync(one, caller, stop));
        }

        return new FetchedModules(packages);
    }

    /// <summary>The marks of the same modules as they would be fetched now.</summary>
    /// <param name="marks">What <see cref="FetchedModules.Marks"/> gave.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="stop">Cancels.</param>
    /// <exception cref="EngineException">One cannot be had any more.</exception>
    public async Task<string> NowAsync(string marks, Caller caller, CancellationToken stop)
    {
        var now = new List<string>();
        foreach (var line in marks.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split(' ');
            var found = await FindAsync(new WantedModule(parts[0], parts[1].Replace(',', ' ')), caller, stop);
            now.Add($"{parts[0]} {parts[1]} {found.Commit}");
        }

        return string.Join('\n', now);
    }

    /// <inheritdoc/>
    public void Dispose() => downloads.Dispose();

    private async Task<FetchedModule> FetchAsync(WantedModule wanted, Caller caller, CancellationToken stop)
    {
        var found = await FindAsync(wanted, caller, stop);
        var place = $"{FetchedModules.Root}/{Name(found.Place)}@{found.Commit}";
        if (found.Place is RemoteSource.Archive packed)
        {
            var archive = await archives.FetchAsync(found, caller, stop);
            var top = !packed.IsInOnlyFolder ? "" : archive.Only is { } only ? "/" + only : throw new EngineException("The module is handed out as the one folder of an archive, and the archive has several.") { Named = found.Source.Package };
            return Fetched(wanted, found, place, [.. archive.Files.Select(file => file with { Path = $"{place}/{file.Path}" })], archive.Content) with { Top = place + top };
        }

        var (files, read) = await git.FetchAsync(found, place, caller, stop);
        return Fetched(wanted, found, place, files, read);
    }

    private static FetchedModule Fetched(WantedModule wanted, FoundModule found, string place, IReadOnlyList<TreeFile> files, Func<TreeFile, int, byte[]?> read) => new(wanted, found.Source, found.Version, found.Commit!)
    {
        Place = place,
        Top = place,
        Files = files,
        Read = read,
        Loose = found.Loose,
        Pin = found.Version is { } version ? $"version {version}" : found.Place is RemoteSource.Archive ? $"checksum=sha256:{found.Commit}" : $"ref={found.Commit}",
    };

    private async Task<FoundModule> FindAsync(WantedModule wanted, Caller caller, CancellationToken stop) => RemoteSource.Parse(wanted.Source) switch
    {
        RemoteSource.Registry registry => await OfRegistryAsync(registry, wanted.Version, caller, stop),
        { } source => await ResolveAsync(source, source, caller, stop),
        null => throw new EngineException("A module's source is none that is fetched."),
    };

    private async Task<FoundModule> OfRegistryAsync(RemoteSource.Registry source, string constraint, Caller caller, CancellationToken stop)
    {
        var constraints = VersionConstraints.Parse(constraint) ?? throw new EngineException("The version of the module is no version constraint. Correct it.") { Named = source.Package };
        var registry = new ModuleRegistry(downloads.Under(access.From(source.Host, caller)));
        var version = (await registry.VersionsAsync(source, stop)).Where(constraints.Allow).Max() ?? throw new EngineException("The registry has no version of the module that the code allows.") { Named = source.Package };
        var place = RemoteSource.HandedOut(await registry.LocationAsync(source, version, stop))
            ?? throw new EngineException("The registry hands out the module as something else than git or an archive over https, which is not fetched here. Copy the module into the repository.") { Named = source.Package };
        if (!access.Allowed.AllowsFrom(source.Host, place.Package))
        {
            throw new EngineException("The registry hands out the module from a place that is not on the list of those that may be fetched. Add it to engines.terraform.allow.modules in mcp-infra.yaml, or copy the module into the repository.") { Named = source.Package };
        }

        var loose = ProviderVersion.Parse(constraint.TrimStart('=').Trim()) == version ? null : "the module's version is a range, and CI may take a newer one";
        var folder = place.Folder == "." ? source.Folder : source.Folder == "." ? place.Folder : $"{place.Folder}/{source.Folder}";
        return await ResolveAsync(source with { Folder = folder }, place, caller, stop) with { Version = version.ToString(), Loose = loose };
    }

    private Task<FoundModule> ResolveAsync(RemoteSource source, RemoteSource place, Caller caller, CancellationToken stop) =>
        place is RemoteSource.Archive archive ? archives.ResolveAsync(source, archive, caller, stop) : git.ResolveAsync(source, (RemoteSource.Git)place, caller, stop);

    // For people who read where a fault is; the commit makes it one of a kind.
    private static string Name(RemoteSource place)
    {
        var last = place.Package.TrimEnd('/').Split('/')[^1];
        var name = last.EndsWith(".git", StringComparison.Ordinal) ? last[..^4] : last;
        return new string([.. name.Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_').Take(60)]);
    }
}
