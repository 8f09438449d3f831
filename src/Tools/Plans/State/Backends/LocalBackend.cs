using McpInfra.Tools.Git;

namespace McpInfra.Tools.Plans.State.Backends;

/// <summary>A file in the working tree, where terraform's local backend keeps it. No link is followed, and code cannot lead out of the tree.</summary>
public sealed class LocalBackend : IStateBackend
{
    private const string File = "terraform.tfstate";

    /// <inheritdoc/>
    public IReadOnlyList<string> Kinds { get; } = ["local"];

    /// <inheritdoc/>
    public string Identity(BackendPlace place) => $"file {Full(place)}";

    /// <inheritdoc/>
    public Task<StateFound> ReadAsync(BackendPlace place, StateAccess access, CancellationToken stop) => Task.FromResult(Read(place, access.Limits));

    /// <summary>Reads the file in terraform's own place, or where code says within the repository.</summary>
    public static StateFound Read(BackendPlace place, StateLimits limits)
    {
        if (place.Root is not { } root)
        {
            return StateFound.None;
        }

        var full = Full(place);
        if (!full.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new StateException("The stack's code keeps its state in a file outside the repository, where code must not lead. Name the file in the stack's `state` in mcp-infra.yaml.");
        }

        return Read(root, Path.GetRelativePath(root, full).Replace('\\', '/'), limits);
    }

    /// <summary>Reads the file that the operator names in the stack's `state`, absolute or relative to the stack's folder.</summary>
    /// <exception cref="StateException">It is relative and there is no working tree.</exception>
    public static StateFound Named(string state, string? root, string folder, StateLimits limits)
    {
        if (!Path.IsPathFullyQualified(state) && root is null)
        {
            throw new StateException("The stack's `state` is relative, and its repository has no working tree. Give an absolute path.");
        }

        var full = Path.GetFullPath(state, root is null ? "/" : Path.Combine(root, folder));
        return root is not null && full.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? Read(root, Path.GetRelativePath(root, full).Replace('\\', '/'), limits)
            : Read(Path.GetDirectoryName(full)!, Path.GetFileName(full), limits);
    }

    private static StateFound Read(string root, string relative, StateLimits limits)
    {
        if (RepositoryPath.TryParse(relative, out var fault) is not { } path)
        {
            throw new StateException($"The stack's state file cannot be at the path that is named: {fault}. Correct it in the code, or name the file in the stack's `state`.");
        }

        var bytes = WorktreeFiles.Read(root, path, limits.Bytes, out var tooLarge);
        return tooLarge ? throw limits.TooLarge : new StateFound(bytes, bytes is null ? null : System.IO.File.Exists(LockOf(Path.Combine(root, relative))));
    }

    // Where terraform says who holds it.
    private static string LockOf(string state) => Path.Combine(Path.GetDirectoryName(state)!, $".{Path.GetFileName(state)}.lock.info");

    private static string Full(BackendPlace place)
    {
        var relative = place.IsDefault
            ? place.Text("path") ?? File
            : Path.Combine(place.Text("workspace_dir") ?? "terraform.tfstate.d", place.Workspace, File);
        return Path.GetFullPath(relative, Path.Combine(place.Root ?? "/", place.Stack.Path));
    }
}
