using System.Security.Cryptography;
using McpInfra.Guardrails;
using McpInfra.Tools.Plans.Engines.Terraform.Providers;

namespace McpInfra.Tools.Plans.Engines.Terraform.Modules;

/// <summary>Packages of modules as archives at https: fetched whole, known by their SHA-256, and kept under it.</summary>
/// <param name="access">Which hosts are asked, and as whom.</param>
/// <param name="folder">Where archives are kept.</param>
/// <param name="downloads">Gets them.</param>
internal sealed class ArchiveModules(ModuleAccess access, string folder, Downloads downloads)
{
    private const int MostBytes = 32 << 20;
    private const int MostKept = 100;
    private const string Suffix = ".archive";

    /// <summary>The archive that a source means now: known without asking when the source names its hash.</summary>
    /// <exception cref="EngineException">It cannot be had.</exception>
    public async Task<FoundModule> ResolveAsync(RemoteSource source, RemoteSource.Archive archive, Caller caller, CancellationToken stop)
    {
        if (archive.Sha256 is { } pinned)
        {
            return new FoundModule(source, archive, pinned);
        }

        var bytes = await GetAsync(archive, caller, stop);
        var hash = Hash(bytes);
        Keep(hash, bytes);
        return new FoundModule(source, archive, hash) { Loose = "the module's archive can be replaced by other code before CI fetches it" };
    }

    /// <summary>Its files.</summary>
    /// <exception cref="EngineException">It cannot be had, is not the one that its hash says, or holds what none should.</exception>
    public async Task<ModuleArchive> FetchAsync(FoundModule found, Caller caller, CancellationToken stop)
    {
        var archive = (RemoteSource.Archive)found.Place;
        var path = PathOf(found.Commit!);
        var bytes = File.Exists(path) && new FileInfo(path).Length <= MostBytes ? await File.ReadAllBytesAsync(path, stop) : [];
        if (Hash(bytes) != found.Commit)
        {
            bytes = await GetAsync(archive, caller, stop);
            if (Hash(bytes) != found.Commit)
            {
                throw new EngineException("The module is not the archive that its checksum says. Correct the checksum, or find out who replaced the archive.") { Named = archive.Package };
            }

            Keep(found.Commit!, bytes);
        }

        return ModuleArchive.Read(bytes, archive.IsZip, archive.Package);
    }

    private async Task<byte[]> GetAsync(RemoteSource.Archive archive, Caller caller, CancellationToken stop)
    {
        var url = new Uri(archive.Url);
        using var bytes = new MemoryStream();
        await downloads.Under(access.From(url.Authority, caller)).SaveAsync(url, bytes, MostBytes, stop);
        return bytes.ToArray();
    }

    private string PathOf(string hash) => Path.Combine(folder, hash + Suffix);

    // Whole or not at all: servers share the folder.
    private void Keep(string hash, byte[] bytes)
    {
        Directory.CreateDirectory(folder);
        var making = Path.Combine(folder, $"{hash}.{Guid.NewGuid():N}.new");
        File.WriteAllBytes(making, bytes);
        File.Move(making, PathOf(hash), overwrite: true);
        foreach (var old in new DirectoryInfo(folder).EnumerateFiles("*" + Suffix).OrderByDescending(file => file.LastWriteTimeUtc).Skip(MostKept))
        {
            old.Delete();
        }
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
