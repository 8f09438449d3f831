using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace McpInfra.Tools.Plans.Engines.Terraform.Providers;

/// <summary>The hash of a package's folder, computed once for as long as its stamp stays: a large provider takes a second to read.</summary>
/// <param name="folder">Where it is remembered between starts.</param>
internal sealed class KnownHashes(string folder)
{
    private const int Most = 500;
    private readonly ConcurrentDictionary<string, (string Stamp, string Hash)> known = new();

    /// <summary>`h1:` of the folder as it is now.</summary>
    /// <exception cref="EngineException">It holds a link or too many files.</exception>
    public string Of(string package)
    {
        var stamp = FileStamp.Of(package);
        if (known.TryGetValue(package, out var before) && before.Stamp == stamp)
        {
            return before.Hash;
        }

        var place = Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(package)))[..32]);
        var hash = Remembered(place, stamp) ?? PackageHash.OfFolder(package);
        if (FileStamp.Of(package) != stamp)
        {
            throw new EngineException("A provider's package was changed while it was read. Plan again when the mirror is still.");
        }

        if (known.Count > Most)
        {
            known.Clear();
        }

        known[package] = (stamp, hash);
        Remember(place, stamp, hash);
        return hash;
    }

    private static string? Remembered(string place, string stamp)
    {
        try
        {
            return File.ReadAllText(place).Split('\n') is [var before, var hash] && before == stamp ? hash : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private void Remember(string place, string stamp, string hash)
    {
        Directory.CreateDirectory(folder);
        foreach (var old in new DirectoryInfo(folder).EnumerateFiles().OrderByDescending(file => file.LastWriteTimeUtc).Skip(Most))
        {
            old.Delete();
        }

        var fresh = $"{place}.{Guid.NewGuid():N}";
        File.WriteAllText(fresh, $"{stamp}\n{hash}");
        File.Move(fresh, place, overwrite: true);
    }
}
