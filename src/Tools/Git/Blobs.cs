using LibGit2Sharp;

namespace McpInfra.Tools.Git;

/// <summary>Reads and writes blobs as they are stored: no filter sees them.</summary>
internal static class Blobs
{
    /// <summary>The bytes; null when larger than the cap, which is checked before anything is inflated.</summary>
    public static byte[]? Read(LibGit2Sharp.Repository git, string id, int cap)
    {
        var key = new ObjectId(id);
        if (git.ObjectDatabase.RetrieveObjectMetadata(key) is not { Type: ObjectType.Blob } metadata)
        {
            throw new RepositoryException("The repository no longer has this file's content. Plan again.");
        }

        if (metadata.Size > cap)
        {
            return null;
        }

        using var content = git.Lookup<Blob>(key).GetContentStream();
        var bytes = new byte[metadata.Size];
        content.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Stores the bytes.</summary>
    public static Blob Write(LibGit2Sharp.Repository git, byte[] bytes)
    {
        using var content = new MemoryStream(bytes, writable: false);
        return git.ObjectDatabase.CreateBlob(content);
    }
}
