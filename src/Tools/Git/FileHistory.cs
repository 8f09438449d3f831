using LibGit2Sharp;

namespace McpInfra.Tools.Git;

/// <summary>Who changed the files of a folder last, by the repository that it lies in. Objects are read and nothing that the repository names is run. Safe for concurrent use.</summary>
/// <param name="folder">The folder.</param>
public sealed class FileHistory(string folder)
{
    private const int MostSteps = 20_000;
    private const int MostFolders = 32;
    private const int MostBytes = 1024 * 1024;
    private readonly Lock reading = new();
    private readonly Dictionary<string, FileChange?> known = new(StringComparer.Ordinal);
    private string? head;

    /// <summary>The last change of each file, by its path within the folder, on the branch in use. Files that it does not know are left out, as are all when there is no repository.</summary>
    /// <exception cref="RepositoryException">The repository cannot be read.</exception>
    public IReadOnlyDictionary<string, FileChange> Of(IReadOnlyList<string> files)
    {
        lock (reading)
        {
            try
            {
                return Find() is { Worktree: { } root } directory ? Read(directory.Path, root, files) : [];
            }
            catch (Exception exception) when (exception is LibGit2SharpException or IOException or UnauthorizedAccessException)
            {
                throw new RepositoryException("The history cannot be read. Check the git directory's permissions and run `git fsck` in it.", exception);
            }
        }
    }

    private GitDirectory? Find()
    {
        var at = new DirectoryInfo(Path.GetFullPath(folder));
        for (var left = MostFolders; at is not null && left > 0; left--, at = at.Parent)
        {
            if (Path.Exists(Path.Combine(at.FullName, ".git")))
            {
                return GitDirectory.Of(at.FullName);
            }
        }

        return null;
    }

    private Dictionary<string, FileChange> Read(string gitDirectory, string root, IReadOnlyList<string> files)
    {
        using var git = GitLibrary.Open(gitDirectory);
        if (git.Head.Tip is not { } tip)
        {
            return [];
        }

        if (head != tip.Sha)
        {
            known.Clear();
            head = tip.Sha;
        }

        var (changes, left) = (new Dictionary<string, FileChange>(StringComparer.Ordinal), MostSteps);
        foreach (var file in files)
        {
            var path = Path.GetFullPath(file, folder);
            var inside = Path.GetRelativePath(root, path).Replace('\\', '/');
            if (!known.TryGetValue(file, out var last))
            {
                known[file] = last = LastChange(tip, inside, ref left);
            }

            if (last is not null)
            {
                changes[file] = last with { IsCurrent = File.Exists(path) && Blobs.Read(git, tip[inside].Target.Sha, MostBytes) is { } committed && committed.AsSpan().SequenceEqual(File.ReadAllBytes(path)) };
            }
        }

        return changes;
    }

    private static FileChange? LastChange(Commit tip, string path, ref int left)
    {
        if (tip[path]?.Target is not Blob blob)
        {
            return null;
        }

        for (var commit = tip; left > 0; left--)
        {
            // As `git log` goes: a parent that has the same file made it, or knows who did.
            if (commit.Parents.FirstOrDefault(parent => parent[path]?.Target.Id == blob.Id) is not { } before)
            {
                return new FileChange(commit.Sha, commit.Author.Name, commit.Author.When, IsCurrent: false);
            }

            commit = before;
        }

        return null;
    }
}
