using LibGit2Sharp;

namespace McpInfra.Tools.Git;

/// <summary>What a path of a tree leads to.</summary>
public abstract record TreeNode
{
    private TreeNode()
    {
    }

    /// <summary>A file, link or submodule.</summary>
    public sealed record Leaf(TreeFile File) : TreeNode;

    /// <summary>A folder: its folders' names and its files, ordered; entries with unsafe names are left out.</summary>
    public sealed record Folder(IReadOnlyList<string> Folders, IReadOnlyList<TreeFile> Files) : TreeNode;

    /// <summary>Nothing that may be followed, and why in our own words.</summary>
    public sealed record Absent(string Why) : TreeNode;

    internal static TreeNode Of(LibGit2Sharp.Repository git, Tree root, RepositoryPath? path)
    {
        var tree = root;
        for (var depth = 0; depth < path?.Segments.Count; depth++)
        {
            var entry = tree.FirstOrDefault(candidate => candidate.Name == path.Segments[depth]);
            switch (entry)
            {
                case null:
                    return new Absent("there is no such file or folder");
                case { TargetType: TreeEntryTargetType.Tree }:
                    tree = (Tree)entry.Target;
                    break;
                case { } when depth == path.Segments.Count - 1:
                    return new Leaf(Read(git, entry, path.Value));
                case { Mode: Mode.SymbolicLink }:
                    return new Absent("the path passes through a symbolic link, and links are not followed");
                case { TargetType: TreeEntryTargetType.GitLink }:
                    return new Absent("the path lies in a submodule; register that repository by itself");
                default:
                    return new Absent("the path passes through a file");
            }
        }

        var prefix = path is null ? "" : path.Value + "/";
        var entries = tree.Where(entry => RepositoryPath.Danger(entry.Name) is null).OrderBy(entry => entry.Name, StringComparer.Ordinal).ToList();
        return new Folder(
            [.. entries.Where(entry => entry.TargetType is TreeEntryTargetType.Tree).Select(entry => entry.Name)],
            [.. entries.Where(entry => entry.TargetType is not TreeEntryTargetType.Tree).Select(entry => Read(git, entry, prefix + entry.Name))]);
    }

    internal static TreeFile Read(LibGit2Sharp.Repository git, TreeEntry entry, string path)
    {
        var id = entry.Target is null ? throw new RepositoryException("The repository lacks an object that its tree names.", path) : entry.Target.Sha;
        return entry.Mode switch
        {
            Mode.GitLink => new TreeFile(path, TreeFileKind.Submodule, id, 0),
            Mode.SymbolicLink => new TreeFile(path, TreeFileKind.Link, id, Size(git, id)),
            Mode.ExecutableFile => new TreeFile(path, TreeFileKind.Executable, id, Size(git, id)),
            _ => new TreeFile(path, TreeFileKind.File, id, Size(git, id)),
        };
    }

    private static long Size(LibGit2Sharp.Repository git, string id) =>
        git.ObjectDatabase.RetrieveObjectMetadata(new ObjectId(id))?.Size ?? throw new RepositoryException("The repository lacks an object that its tree names.");
}
