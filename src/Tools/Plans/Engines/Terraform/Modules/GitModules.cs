using McpInfra.Guardrails;
using McpInfra.Tools.Git;

namespace McpInfra.Tools.Plans.Engines.Terraform.Modules;

/// <summary>Packages of modules in git: resolved to a commit and fetched into bare copies. Nothing of them is run here.</summary>
/// <param name="access">As whom hosts are asked.</param>
/// <param name="folder">Where the copies lie.</param>
/// <param name="time">The clock.</param>
/// <param name="handler">Makes the requests; null for the real one.</param>
internal sealed class GitModules(ModuleAccess access, string folder, TimeProvider time, HttpMessageHandler? handler)
{
    private const int MostCopies = 100;

    /// <summary>The commit that a source means now.</summary>
    /// <exception cref="EngineException">It cannot be had.</exception>
    public async Task<FoundModule> ResolveAsync(RemoteSource source, RemoteSource.Git git, Caller caller, CancellationToken stop)
    {
        if (git.Reference is { Length: 40 } commit && commit.All(char.IsAsciiHexDigitLower))
        {
            return new FoundModule(source, git, commit);
        }

        var wanted = git.Reference is { } reference ? new[] { "refs/tags/" + reference, "refs/heads/" + reference } : ["HEAD"];
        var listing = await UseAsync(git, caller, run => run(["ls-remote", "--", git.Url, .. wanted, .. wanted.Select(name => name + "^{}")]), stop);
        var names = listing.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')).Where(parts => parts is [{ Length: 40 }, _]).ToLookup(parts => parts[1], parts => parts[0]);

        // A tag stands before a branch of its name, as in git; `^{}` is the commit that an annotated tag is of.
        var (name, id) = wanted.Where(names.Contains).Select(name => (name, names[name + "^{}"].Concat(names[name]).First())).FirstOrDefault();
        return name is null
            ? throw new EngineException("The module has no tag or branch of the name in `ref`. Correct it.") { Named = git.Package }
            : new FoundModule(source, git, id) { Reference = name, Loose = "the module's ref can be moved to other code before CI fetches it" };
    }

    /// <summary>Its files at the commit, under the place that they get.</summary>
    /// <exception cref="EngineException">It cannot be had.</exception>
    public async Task<(IReadOnlyList<TreeFile> Files, Func<TreeFile, int, byte[]?> Read)> FetchAsync(FoundModule found, string place, Caller caller, CancellationToken stop)
    {
        var git = (RemoteSource.Git)found.Place;
        var copy = new BareCopy(git.Url, folder, time);
        var repository = new Repository(new RepositorySettings("module", copy.Path, new ForgeSettings("local", null, null), []), null, time);
        Prune(copy.Path);
        if (!File.Exists(Path.Combine(copy.Path, "HEAD")) || repository.Revision(found.Commit!) is null)
        {
            await UseAsync(git, caller, run => run(["fetch", "--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", "--", git.Url, found.Reference]), stop);
        }

        try
        {
            var revision = repository.Revision(found.Commit!) ?? throw new EngineException("The module moved while it was fetched. Plan again.") { Named = git.Package };
            return ([.. repository.Files(revision.Tree).Select(file => file with { Path = $"{place}/{file.Path}" })], (file, most) => repository.ReadBlob(file.Blob, most));
        }
        catch (RepositoryException exception)
        {
            throw new EngineException($"The module cannot be read: {exception.Message}", exception) { Named = git.Package };
        }
    }

    private async Task<T> UseAsync<T>(RemoteSource.Git git, Caller caller, Func<Func<IReadOnlyList<string>, Task<string>>, Task<T>> work, CancellationToken stop)
    {
        try
        {
            return await new BareCopy(git.Url, folder, time, new GitAccess { Handler = handler, Login = await access.OfGitAsync(git.Url, caller, stop) }).UseAsync(work, stop);
        }
        catch (RepositoryException exception)
        {
            throw new EngineException($"The module cannot be fetched: {exception.Message}", exception) { Named = git.Package };
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
}
