using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace McpInfra.Tools.Plans.Engines.Terraform.Providers;

/// <summary>
/// Unpacked packages that were verified, each in a read-only folder named by the hash of its content. Shared by runs and processes;
/// beyond its size the least recently used go, but never one that a run holds.
/// </summary>
/// <param name="folder">Where; it is made when needed, for its owner alone.</param>
/// <param name="most">Bytes of all packages together.</param>
public sealed class PackageCache(string folder, long most = 12L << 30)
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode ReadOnly = UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly Lock gate = new();

    /// <summary>Hashes of folders, computed once.</summary>
    internal KnownHashes Hashes { get; } = new(Path.Combine(folder, "hashes"));

    /// <summary>Packages by the keys under which they were verified.</summary>
    internal KnownPackages Known { get; } = new(Path.Combine(folder, "index"));

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

    /// <summary>Unpacks an archive that was verified; its content's hash.</summary>
    /// <exception cref="EngineException">It is no package.</exception>
    internal string Unpack(Stream archive)
    {
        try
        {
            using var zip = new ZipArchive(archive, ZipArchiveMode.Read);
            return Add(staging => PackageArchive.Unpack(zip, staging));
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

    internal static void Make(string path)
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
