namespace McpInfra.Tools.Git;

/// <summary>Where a registered repository's objects lie, and its working tree if it has one.</summary>
/// <param name="Path">Absolute path of the git directory.</param>
/// <param name="Worktree">Absolute path of the working tree; null when bare.</param>
internal sealed record GitDirectory(string Path, string? Worktree)
{
    private const int MostPointerBytes = 4096;

    /// <summary>The git directory of a registered path: the path's own `.git`, or the path itself when it is one. Never one further up, never one that its configuration names.</summary>
    /// <exception cref="RepositoryException">There is none.</exception>
    public static GitDirectory Of(string path)
    {
        var dotGit = System.IO.Path.Combine(path, ".git");
        if (IsGitDirectory(dotGit))
        {
            return new GitDirectory(dotGit, path);
        }

        if (new FileInfo(dotGit) is { Exists: true, LinkTarget: null })
        {
            return new GitDirectory(Linked(dotGit), path);
        }

        if (!IsGitDirectory(path))
        {
            throw new RepositoryException("The registered path is neither a git working tree nor a git directory. Correct `url` in the configuration, or run `git init` there.");
        }

        var folder = System.IO.Path.TrimEndingDirectorySeparator(path);
        return new GitDirectory(path, System.IO.Path.GetFileName(folder) == ".git" ? System.IO.Path.GetDirectoryName(folder) : null);
    }

    private static bool IsGitDirectory(string path) =>
        new DirectoryInfo(path) is { Exists: true, LinkTarget: null }
        && File.Exists(System.IO.Path.Combine(path, "HEAD"))
        && Directory.Exists(System.IO.Path.Combine(path, "objects")) && Directory.Exists(System.IO.Path.Combine(path, "refs"));

    // A `.git` file is believed only when what it points to is a linked worktree that points back.
    private static string Linked(string dotGit)
    {
        const string prefix = "gitdir: ";
        var text = Pointer(dotGit);
        if (text.StartsWith(prefix, StringComparison.Ordinal))
        {
            var target = System.IO.Path.GetFullPath(text[prefix.Length..], System.IO.Path.GetDirectoryName(dotGit)!);
            var back = System.IO.Path.Combine(target, "gitdir");
            if (File.Exists(System.IO.Path.Combine(target, "commondir")) && File.Exists(back) && System.IO.Path.GetFullPath(Pointer(back), target) == dotGit)
            {
                return target;
            }
        }

        throw new RepositoryException("The registered path has a `.git` file that is not a linked worktree's. Register the git directory itself.");
    }

    private static string Pointer(string path) =>
        new FileInfo(path).Length > MostPointerBytes ? "" : File.ReadAllText(path).TrimEnd('\n', '\r');
}
