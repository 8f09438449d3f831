using System.Security.Cryptography;
using System.Text;

namespace McpInfra.Tools.Plans.Engines.Terraform.Providers;

/// <summary>The two hashes that lock files hold: `h1:` over a package's files and their names, `zh:` over the archive that it comes in.</summary>
public static class PackageHash
{
    private const int Piece = 1 << 20;

    /// <summary>`h1:` of an unpacked package.</summary>
    /// <exception cref="EngineException">It holds a link or too many files.</exception>
    public static string OfFolder(string folder)
    {
        var listing = new StringBuilder();
        var (piece, next) = (new byte[Piece], new byte[Piece]);
        foreach (var (name, path) in PackageFiles.Of(folder).OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            using var file = File.OpenRead(path);
            listing.Append(OfStream(file, piece, next)).Append("  ").Append(name).Append('\n');
        }

        return "h1:" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(listing.ToString())));
    }

    /// <summary>`zh:` of an archive.</summary>
    public static string OfArchive(Stream archive) => "zh:" + OfStream(archive, new byte[Piece], new byte[Piece]);

    // Providers have hundreds of megabytes: the next piece is read while one is hashed.
    private static string OfStream(Stream stream, byte[] piece, byte[] next)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var read = stream.Read(piece); read > 0; (piece, next) = (next, piece))
        {
            var ahead = Task.Run(() => stream.Read(next));
            hash.AppendData(piece, 0, read);
            read = ahead.GetAwaiter().GetResult();
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
