using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace McpInfra.Tools.Plans.Engines.Terraform.Providers;

/// <summary>What is known of packages that were verified, by what they were asked for or vouched as.</summary>
/// <param name="folder">Where it is remembered between starts.</param>
internal sealed class KnownPackages(string folder)
{
    private const int Most = 1000;

    /// <summary>What was kept under a key; it may have left the cache since.</summary>
    public KnownPackage? Of(string key)
    {
        try
        {
            return JsonSerializer.Deserialize<KnownPackage>(File.ReadAllBytes(Place(key)));
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Remembers a package under a key.</summary>
    public void Remember(string key, KnownPackage package)
    {
        PackageCache.Make(folder);
        foreach (var old in new DirectoryInfo(folder).EnumerateFiles().OrderByDescending(file => file.LastWriteTimeUtc).Skip(Most))
        {
            old.Delete();
        }

        var fresh = $"{Place(key)}.{Guid.NewGuid():N}";
        File.WriteAllBytes(fresh, JsonSerializer.SerializeToUtf8Bytes(package));
        File.Move(fresh, Place(key), overwrite: true);
    }

    private string Place(string key) => Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))));
}

/// <summary>A package that was verified before.</summary>
/// <param name="Hash">`h1:` of its content.</param>
/// <param name="Archive">`zh:` of the archive that it came in.</param>
/// <param name="Voucher">Who vouched for it.</param>
internal sealed record KnownPackage(string Hash, string Archive, string Voucher);
