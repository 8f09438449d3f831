using LibGit2Sharp;

namespace McpInfra.Tools.Git;

/// <summary>Opens a git directory by its exact path, with no configuration but its own, and runs nothing that it names.</summary>
internal static class GitLibrary
{
    static GitLibrary()
    {
        // The user's and the machine's configuration is not ours to obey: includes, object stores, insteadOf.
        foreach (var level in new[] { ConfigurationLevel.Global, ConfigurationLevel.Xdg, ConfigurationLevel.System, ConfigurationLevel.ProgramData })
        {
            GlobalSettings.SetConfigSearchPaths(level, []);
        }

        // `safe.directory` guards programs that run what a found repository names. These are registered by the operator, and nothing is run.
        GlobalSettings.SetOwnerValidation(false);
    }

    /// <summary>The open repository; the caller disposes it.</summary>
    /// <exception cref="RepositoryException">It is no git directory, or another one answered for it.</exception>
    public static LibGit2Sharp.Repository Open(string gitDirectory)
    {
        LibGit2Sharp.Repository opened;
        try
        {
            opened = new LibGit2Sharp.Repository(gitDirectory);
        }
        catch (LibGit2SharpException exception)
        {
            throw new RepositoryException("The registered git directory cannot be opened. Check that it exists, is readable, and has no extension that needs a newer git (sha256, reftable, partial clone).", exception);
        }

        // libgit2 looks for `.git` within what it is given; only the registered directory itself will do.
        if (Normal(opened.Info.Path) == Normal(gitDirectory))
        {
            return opened;
        }

        opened.Dispose();
        throw new RepositoryException("Another git directory lies within the registered one and was not opened. Remove it, or register it by its own path.");
    }

    private static string Normal(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(Real(path)));

    // libgit2 answers with links resolved; compare like with like.
    private static string Real(string path)
    {
        var full = Path.GetFullPath(path);
        var root = Path.GetPathRoot(full)!;
        return full[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Aggregate(root, (folder, name) =>
        {
            var next = Path.Combine(folder, name);
            return Directory.ResolveLinkTarget(next, returnFinalTarget: true)?.FullName ?? next;
        });
    }
}
