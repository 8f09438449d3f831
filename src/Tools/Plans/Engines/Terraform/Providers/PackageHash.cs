using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace McpInfra.Tools.Plans.Engines.Terraform.Providers;

/// <summary>The two hashes that lock files hold: `h1:` over a package's files and their names, `zh:` over the archive that it comes in.</summary>
public static class PackageHash
{
    /// <summary>`h1:` of an unpacked package.</summary>
    /// <exception cref="EngineException">It holds a link or too many files.</exception>
    public static string OfFolder(string folder) => OfFiles(PackageFiles.Of(folder).Select(file => (file.Name, new Func<Stream>(() => File.OpenRead(file.Path)))));

    /// <summary>`h1:` of a package in its archive.</summary>
    public static string OfArchive(ZipArchive archive) =>
        OfFiles(archive.Entries.Where(entry => !entry.FullName.EndsWith('/')).Select(entry => (entry.FullName, new Func<Stream>(entry.Open))));

    /// <summary>`zh:` of an archive.</summary>
    public static string OfArchive(Stream archive) => "zh:" + Convert.ToHexStringLower(SHA256.HashData(archive));

    private static string OfFiles(IEnumerable<(string Name, Func<Stream> Open)> files)
    {
        var listing = new StringBuilder();
        foreach (var (name, open) in files.OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            using var stream = open();
            listing.Append(Convert.ToHexStringLower(SHA256.HashData(stream))).Append("  ").Append(name).Append('\n');
        }

        return "h1:" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(listing.ToString())));
    }
}
