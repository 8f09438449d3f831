using System.Security.Cryptography;
using System.Text.Json;
using McpInfra.Tools.Git;

namespace McpInfra.Tools.Plans.State;

/// <summary>A stack's local state, as it was read: never locked, never written.</summary>
/// <param name="Bytes">The file; null when there is none.</param>
/// <param name="Lineage">Its lineage; empty when there is none.</param>
/// <param name="Serial">Its serial; 0 when there is none.</param>
public sealed record StackState(byte[]? Bytes, string Lineage, long Serial)
{
    private const int MostBytes = 64 << 20;
    private const int Version = 4;

    /// <summary>SHA-256 of the bytes, hexadecimal; "none" when there is none.</summary>
    public string Hash => Bytes is null ? "none" : Convert.ToHexStringLower(SHA256.HashData(Bytes));

    /// <summary>Reads a stack's state from where the operator says it lies, else from terraform's own place in the working tree. No link inside a repository is followed.</summary>
    /// <exception cref="StateException">It is cut, of another version, too large, or not a state.</exception>
    /// <exception cref="RepositoryException">Its path cannot be read.</exception>
    public static StackState Read(string? worktree, StackSettings stack)
    {
        if (Place(worktree, stack) is not var (root, relative) || RepositoryPath.TryParse(relative, out var fault) is not { } path)
        {
            return new StackState(null, "", 0);
        }

        return WorktreeFiles.Read(root, path, MostBytes) is { } bytes ? Parse(bytes) : new StackState(null, "", 0);
    }

    /// <summary>Reads a state's bytes.</summary>
    /// <exception cref="StateException">They are none.</exception>
    public static StackState Parse(byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 256 });
            var root = document.RootElement;
            if (root.ValueKind is not JsonValueKind.Object || !root.TryGetProperty("version", out var version) || !version.TryGetInt32(out var number))
            {
                throw new StateException("The stack's state file is not a Terraform state. Name the right file in the stack's `state`, or restore it from its backup.");
            }

            return number != Version
                ? throw new StateException($"The stack's state file has version {number}; version {Version} (Terraform 0.12 and later) can be read. Upgrade it with `terraform apply -refresh-only`.")
                : new StackState(bytes, root.GetProperty("lineage").GetString() ?? "", root.GetProperty("serial").GetInt64());
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new StateException("The stack's state file is cut or not a Terraform state. Restore it from its backup, or run `terraform state pull` to see it whole.", exception);
        }
    }

    private static (string Root, string Relative)? Place(string? worktree, StackSettings stack)
    {
        var folder = stack.Path == "." ? "" : stack.Path.TrimEnd('/') + "/";
        if (stack.State is null)
        {
            return worktree is null ? null
                : stack.Workspace == "default" ? (worktree, folder + "terraform.tfstate")
                : (worktree, $"{folder}terraform.tfstate.d/{stack.Workspace}/terraform.tfstate");
        }

        if (!Path.IsPathFullyQualified(stack.State) && worktree is null)
        {
            throw new StateException("The stack's `state` is relative, and its repository has no working tree. Give an absolute path.");
        }

        var full = Path.GetFullPath(stack.State, worktree is null ? "/" : Path.Combine(worktree, folder));
        return worktree is not null && full.StartsWith(worktree + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? (worktree, Path.GetRelativePath(worktree, full).Replace('\\', '/'))
            : (Path.GetDirectoryName(full)!, Path.GetFileName(full));
    }
}
