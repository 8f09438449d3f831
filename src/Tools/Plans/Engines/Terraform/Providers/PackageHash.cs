using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace McpInfra.Tools.Plans.Engines.Terraform.Providers;

/// <summary>The two hashes that lock files hold: `h1:` over a package's files and their names, `zh:` over the archive that it comes in.</summary>
public static class PackageHash
{
    private const int Piece = 1 << 20;

    /// <summary>`h1:` of an unpacked package.</summary>
    /// <exception cref="EngineException">It holds a link or too many files.</exception>
    public static string OfFolder(string folder) => OfFiles(PackageFiles.Of(folder).Select(file => (file.Name, new Func<Stream>(() => File.OpenRead(file.Path)))));

    /// <summary>`h1:` of a package in its archive.</summary>
    public static string OfArchive(ZipArchive archive) =>
        OfFiles(archive.Entries.Where(entry => !entry.FullName.EndsWith('/')).Select(entry => (entry.FullName, new Func<Stream>(entry.Open))));

    /// <summary>`zh:` of an archive.</summary>
    public static string OfArchive(Stream archive) => "zh:" + OfStream(archive, new byte[Piece], new byte[Piece]);

    private static string OfFiles(IEnumerable<(string Name, Func<Stream> Open)> files)
    {
        var listing = new StringBuilder();
        var (piece, next) = (new byte[Piece], new byte[Piece]);
        foreach (var (name, open) in files.OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            using var stream = open();
            listing.Append(OfStream(stream, piece, next)).Append("  ").Append(name).Append('\n');
        }

        return "h1:" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(listing.ToString())));
    }

    // Providers have hundreds of megabytes: the next piece is read while one is hashed.
    private static string OfStream(Stream stream, byte[] piece, byte[] next)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var (read, ahead) = (stream.Read(piece), 0); read > 0; (piece, next, read) = (next, piece, ahead))
        {
            Parallel.Invoke(() => hash.AppendData(piece, 0, read), () => ahead = stream.Read(next));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
