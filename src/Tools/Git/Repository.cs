using LibGit2Sharp;

namespace McpInfra.Tools.Git;

/// <summary>
/// A registered repository, read and written through its object database alone: no checkout, filter, hook or discovery, and no program that it names is run.
/// Safe for concurrent use; every method throws <see cref="RepositoryException"/> when the repository cannot be used as asked.
/// </summary>
public sealed class Repository
{
    private const int MostFiles = 200_000;
    private const int MostDepth = 64;
    private readonly Lazy<GitDirectory> directory;
    private readonly Mirror? mirror;

    internal Repository(RepositorySettings settings, string? mirrors, TimeProvider time)
    {
        Settings = settings;
        mirror = Mirror.IsRemote(settings.Url) ? new Mirror(settings, mirrors ?? throw new ArgumentNullException(nameof(mirrors)), time) : null;
        directory = new(() => mirror is null ? GitDirectory.Of(settings.Url) : new GitDirectory(mirror.Path, null), LazyThreadSafetyMode.PublicationOnly);
    }

    /// <summary>As configured.</summary>
    public RepositorySettings Settings { get; }

    /// <summary>How tools and manifests call it.</summary>
    public string Name => Settings.Name;

    /// <summary>Absolute path of the git directory.</summary>
    public string GitPath => directory.Value.Path;

    /// <summary>Absolute path of the working tree; null when bare or a mirror.</summary>
    public string? WorktreeRoot => directory.Value.Worktree;

    /// <summary>The name of the branch that proposals are made to and never written.</summary>
    public string DefaultBranch => Git(git => Heads.DefaultBranch(git), fresh: true);

    /// <summary>The head of the default branch. A mirror is fetched first when it is older than a few seconds.</summary>
    public Revision Base() => Git(git =>
    {
        var commit = Heads.Default(git, preferRemote: Settings.Forge.Kind == "github");
        return new Revision(commit.Sha, commit.Tree.Sha);
    }, fresh: true);

    /// <summary>A commit by its id; null when the repository does not have it.</summary>
    public Revision? Revision(string commit) => Git(git => git.Lookup(new ObjectId(commit), ObjectType.Commit) is Commit found ? new Revision(found.Sha, found.Tree.Sha) : null);

    /// <summary>The head of one of our own branches (`agent/…`); null when there is none of that name.</summary>
    public Revision? ProposalBranch(string branch) => Git(git =>
        BranchName.IsOurs(branch) && git.Refs["refs/heads/" + branch] is DirectReference reference && git.Lookup<Commit>(reference.TargetIdentifier) is { } commit
            ? new Revision(commit.Sha, commit.Tree.Sha)
            : null);

    /// <summary>Every file of a tree, ordered by path.</summary>
    public IReadOnlyList<TreeFile> Files(string tree) => Git(git =>
    {
        var files = new List<TreeFile>();
        Walk(git, Tree(git, tree), "", 1, files);
        files.Sort((one, other) => string.CompareOrdinal(one.Path, other.Path));
        return files;
    });

    /// <summary>What a path of a tree is: a file, a folder's entries, or nothing that may be followed.</summary>
    public TreeNode Find(string tree, RepositoryPath? path) => Git(git => TreeNode.Of(git, Tree(git, tree), path));

    /// <summary>A blob's bytes as they are stored; null when it is larger than the cap.</summary>
    public byte[]? ReadBlob(string id, int cap) => Git(git => Blobs.Read(git, id, cap));

    /// <summary>A tree with the edits applied in order; nothing is checked out and no branch moves.</summary>
    public EditedTree Apply(string tree, IReadOnlyList<Edit> edits) => Git(git => new TreeEdits(git, Tree(git, tree)).Apply(edits));

    /// <summary>A tree of the tracked files as they are in the working tree now. Links, submodules, withheld and unportable files and files over 10 MB are as the index has them.</summary>
    public string WorktreeTree() => Git(git => WorktreeRoot is { } root
        ? new TrackedFiles(git, root).Write()
        : throw new RepositoryException("The repository has no working tree. Plan from its default branch instead."));

    /// <summary>Paths that differ between two trees, ordered.</summary>
    public IReadOnlyList<string> Changed(string before, string after)
    {
        // Two lists of ids, not libgit2's diff, which would load attributes and drivers.
        var changed = Files(before).ToHashSet();
        changed.SymmetricExceptWith(Files(after));
        return [.. changed.Select(file => file.Path).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>Runs work on the open object database, and turns the library's failures into ours.</summary>
    internal T Git<T>(Func<LibGit2Sharp.Repository, T> work, bool fresh = false)
    {
        try
        {
            if (fresh)
            {
                mirror?.Freshen();
            }

            using var git = GitLibrary.Open(GitPath);
            return work(git);
        }
        catch (Exception exception) when (exception is LibGit2SharpException or IOException or UnauthorizedAccessException)
        {
            throw new RepositoryException("The repository's objects cannot be read or written. Check the git directory's permissions and run `git fsck` in it.", exception);
        }
    }

    private static Tree Tree(LibGit2Sharp.Repository git, string id) =>
        git.Lookup<Tree>(new ObjectId(id)) ?? throw new RepositoryException("The repository no longer has this tree. Plan again.");

    private static void Walk(LibGit2Sharp.Repository git, Tree tree, string prefix, int depth, List<TreeFile> files)
    {
        foreach (var entry in tree)
        {
            var path = prefix + entry.Name;
            if (RepositoryPath.Danger(entry.Name.Replace('\\', '_')) is { } danger) // What has a backslash is listed, and left out of everything else.
            {
                throw new RepositoryException($"The repository holds a path that is not safe to use: {danger}.", path);
            }

            if (depth > MostDepth || files.Count >= MostFiles)
            {
                throw new RepositoryException($"The repository has more than {MostFiles} files or {MostDepth} nested folders.");
            }

            if (entry.TargetType is TreeEntryTargetType.Tree)
            {
                Walk(git, (Tree)entry.Target, path + "/", depth + 1, files);
            }
            else
            {
                files.Add(TreeNode.Read(git, entry, path));
            }
        }
    }
}
