using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace McpInfra.Tools.Plans.Engines.Terraform.Providers;

/// <summary>
/// Unpacked packages that were verified, each in a read-only folder named by the hash of its content. Shared by runs and processes;
/// beyond its size the least recently used go, but never one that a run holds.
/// </summary>
/// <param name="folder">Where; it is made when needed, for its owner alone.</param>
/// <param name="most">Bytes of all packages together.</param>
public sealed class PackageCache(string folder, long most = 12L << 30)
{
    private const int MostFiles = 2000;
    private const int MostKnown = 1000;
    private const long MostUnpacked = 4L << 30;
    private const int LinkKind = 0xA000;
    private const int Kind = 0xF000;
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode ReadOnly = UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly Lock gate = new();

    /// <summary>Hashes of folders, computed once.</summary>
    internal KnownHashes Hashes { get; } = new(Path.Combine(folder, "hashes"));

    private string Packages => Path.Combine(folder, "packages");

    /// <summary>A package of this content, when it is there and still is what it was; the lease keeps it.</summary>
    internal (string Folder, IDisposable Lease)? Find(string hash)
    {
        var package = Place(hash);
        if (!Directory.Exists(package) || Lease(hash) is not { } lease)
        {
            return null;
        }

        if (Directory.Exists(package) && Hashes.Of(package) == hash)
        {
            File.SetLastWriteTimeUtc(lease.Name, DateTime.UtcNow);
            return (package, lease);
        }

        lease.Dispose();
        return null;
    }

    /// <summary>Whether a package of this content is there; one that somebody changed is removed.</summary>
    internal bool Has(string hash)
    {
        var package = Place(hash);
        if (!Directory.Exists(package) || Hashes.Of(package) == hash)
        {
            return Directory.Exists(package);
        }

        RemoveUnused(package);
        return false;
    }

    /// <summary>What was kept under a key; it may have left the cache since.</summary>
    internal KnownPackage? Known(string key)
    {
        try
        {
            return JsonSerializer.Deserialize<KnownPackage>(File.ReadAllBytes(Index(key)));
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Remembers a package under a key.</summary>
    internal void Know(string key, KnownPackage package)
    {
        var index = Path.GetDirectoryName(Index(key))!;
        Make(index);
        foreach (var old in new DirectoryInfo(index).EnumerateFiles().OrderByDescending(file => file.LastWriteTimeUtc).Skip(MostKnown))
        {
            old.Delete();
        }

        var fresh = $"{Index(key)}.{Guid.NewGuid():N}";
        File.WriteAllBytes(fresh, JsonSerializer.SerializeToUtf8Bytes(package));
        File.Move(fresh, Index(key), overwrite: true);
    }

    /// <summary>Unpacks an archive that was verified; its content's hash.</summary>
    /// <exception cref="EngineException">It is no package.</exception>
    internal string Unpack(Stream archive)
    {
        try
        {
            using var zip = new ZipArchive(archive, ZipArchiveMode.Read);
            return Add(staging => Extract(zip, staging));
        }
        catch (InvalidDataException exception)
        {
            throw new EngineException("A provider's package is no zip archive.", exception);
        }
    }

    /// <summary>Copies an unpacked package whose folder others may write; its content's hash.</summary>
    internal string Copy(string package) => Add(staging =>
    {
        foreach (var (name, path) in PackageFiles.Of(package))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(staging, name))!);
            File.Copy(path, Path.Combine(staging, name));
        }
    });

    /// <summary>A file of the cache's own, for what is being downloaded; gone when it is closed.</summary>
    internal FileStream Scratch()
    {
        Make(folder);
        return new FileStream(Path.Combine(folder, $"download-{Guid.NewGuid():N}"), new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous, BufferSize = 1 << 16,
        });
    }

    private string Add(Action<string> fill)
    {
        Make(Packages);
        var staging = Path.Combine(folder, $"staging-{Guid.NewGuid():N}");
        Make(staging);
        try
        {
            fill(staging);
            Seal(staging);
            var hash = PackageHash.OfFolder(staging);
            lock (gate)
            {
                Evict(PackageFiles.Of(staging).Sum(file => new FileInfo(file.Path).Length));
                if (!Directory.Exists(Place(hash)))
                {
                    Directory.Move(staging, Place(hash));
                }
            }

            return hash;
        }
        finally
        {
            Remove(staging);
        }
    }

    private static void Extract(ZipArchive zip, string staging)
    {
        long left = MostUnpacked;
        if (zip.Entries.Count > MostFiles)
        {
            throw new EngineException($"A provider's package holds more than {MostFiles} files.");
        }

        foreach (var entry in zip.Entries.Where(entry => !entry.FullName.EndsWith('/')))
        {
            var parts = entry.FullName.Split('/');
            if (parts.Any(part => part is "" or "." or "..") || entry.FullName.AsSpan().IndexOfAny('\\', '\0', ':') >= 0 || (entry.ExternalAttributes >> 16 & Kind) == LinkKind)
            {
                throw new EngineException("A provider's package holds a link, or a name that leaves its folder.");
            }

            var path = Path.Combine([staging, .. parts]);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var content = entry.Open();
            using var file = new FileStream(path, FileMode.CreateNew);
            var piece = new byte[1 << 16];
            for (int read; (read = content.Read(piece)) > 0;)
            {
                left -= read;
                if (left < 0)
                {
                    throw new EngineException($"A provider's package unpacks to more than {MostUnpacked >> 30} GB.");
                }

                file.Write(piece, 0, read);
            }
        }
    }

    private static void Seal(string staging)
    {
        if (!OperatingSystem.IsWindows())
        {
            foreach (var (_, path) in PackageFiles.Of(staging))
            {
                File.SetUnixFileMode(path, ReadOnly);
            }
        }
    }

    private void Evict(long coming)
    {
        var packages = new DirectoryInfo(Packages).EnumerateDirectories()
            .Select(package => (package, Size: package.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length), Used: File.GetLastWriteTimeUtc(LeaseFile(package.Name))))
            .OrderBy(package => package.Used).ToList();
        var over = packages.Sum(package => package.Size) + coming - most;
        foreach (var (package, size, _) in packages)
        {
            if (over <= 0)
            {
                return;
            }

            over -= RemoveUnused(package.FullName) ? size : 0;
        }
    }

    private bool RemoveUnused(string package)
    {
        try
        {
            Make(Path.Combine(folder, "leases"));
            using var alone = new FileStream(LeaseFile(Path.GetFileName(package)), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            Remove(package);
            return true;
        }
        catch (IOException)
        {
            return false; // A run holds it.
        }
    }

    // Shared by those who use the package; who removes it wants it alone.
    private FileStream? Lease(string hash)
    {
        Make(Path.Combine(folder, "leases"));
        var path = LeaseFile(Path.GetFileName(Place(hash)));
        try
        {
            using (new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite))
            {
                // It is there now.
            }

            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (IOException)
        {
            return null; // It is being removed.
        }
    }

    private string LeaseFile(string package) => Path.Combine(folder, "leases", package);

    private string Place(string hash) => Path.Combine(Packages, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(hash))));

    private string Index(string key) => Path.Combine(folder, "index", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))));

    private static void Make(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, Owner);
        }
    }

    private static void Remove(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }
}

/// <summary>A package that was verified before.</summary>
/// <param name="Hash">`h1:` of its content.</param>
/// <param name="Archive">`zh:` of the archive that it came in.</param>
/// <param name="Voucher">Who vouched for it.</param>
internal sealed record KnownPackage(string Hash, string Archive, string Voucher);
