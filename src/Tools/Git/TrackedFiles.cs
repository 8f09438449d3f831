using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LibGit2Sharp;

namespace McpInfra.Tools.Git;

/// <summary>The tracked files of a working tree as a tree: the index says which, the files' own bytes say what.</summary>
internal sealed class TrackedFiles(LibGit2Sharp.Repository git, string root)
{
    private const int MostFile = 10_000_000;

    /// <summary>The tree's id; the index, the working tree and every branch stay as they are.</summary>
    public string Write()
    {
        if (!git.Index.IsFullyMerged)
        {
            throw new RepositoryException("The working tree has a merge with conflicts. Resolve it and stage the files first.");
        }

        if (git.Config.GetValueOrDefault("core.sparseCheckout", false))
        {
            throw new RepositoryException("The working tree is a sparse checkout, so what is absent from it is not what is deleted. Use the default branch, or `git sparse-checkout disable`.");
        }

        var indexed = git.ObjectDatabase.CreateTree(git.Index);
        var definition = TreeDefinition.From(indexed);
        var changed = false;
        foreach (var entry in git.Index)
        {
            changed |= Take(entry, definition);
        }

        return changed ? git.ObjectDatabase.CreateTree(definition).Sha : indexed.Sha;
    }

    private bool Take(IndexEntry entry, TreeDefinition definition)
    {
        if (entry.Mode is not (Mode.NonExecutableFile or Mode.ExecutableFile) || WithheldPaths.Withholds(entry.Path) || entry.Path.Contains('\\', StringComparison.Ordinal))
        {
            return false;
        }

        var path = RepositoryPath.TryParse(entry.Path, out var fault) ?? throw new RepositoryException($"A tracked file's path is not safe to read: {fault}.", entry.Path);
        var bytes = WorktreeFiles.Read(root, path, MostFile, out var tooLarge);
        if (tooLarge)
        {
            return false;
        }

        if (bytes is null)
        {
            definition.Remove(entry.Path);
            return true;
        }

        if (Id(bytes) == entry.Id.Sha || Id(WithPlainLineEnds(bytes)) == entry.Id.Sha)
        {
            return false;
        }

        definition.Add(entry.Path, Blobs.Write(git, bytes), entry.Mode);
        return true;
    }

    // A checkout with Windows line ends is not an edit of every file.
    private static byte[] WithPlainLineEnds(byte[] bytes) =>
        bytes.AsSpan().IndexOf("\r\n"u8) < 0 ? bytes : Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(bytes).Replace("\r\n", "\n", StringComparison.Ordinal));

#pragma warning disable CA5350 // git names objects by SHA-1; nothing is trusted for it.
    private static string Id(byte[] bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(Encoding.ASCII.GetBytes("blob " + bytes.Length.ToString(CultureInfo.InvariantCulture) + "\0"));
        hash.AppendData(bytes);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
#pragma warning restore CA5350
}
