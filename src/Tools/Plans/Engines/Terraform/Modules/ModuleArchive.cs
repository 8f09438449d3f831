using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using McpInfra.Tools.Git;

namespace McpInfra.Tools.Plans.Engines.Terraform.Modules;

/// <summary>
/// What an archive holds, read into memory and never unpacked: nothing of it can lie outside of it. Its sizes are counted and never believed; links stay links, as in git, and devices are refused.
/// </summary>
internal sealed class ModuleArchive
{
    private const int MostEntries = 10_000;
    private const int MostBytes = 64 << 20;
    private const int UnixKind = 0xF000;

    private readonly Dictionary<string, byte[]> contents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TreeFile> files = new(StringComparer.Ordinal);
    private readonly string package;
    private int entries;
    private long left = MostBytes;

    private ModuleArchive(string package) => this.package = package;

    /// <summary>Its files.</summary>
    public IEnumerable<TreeFile> Files => files.Values;

    /// <summary>The folder at its root when that is all there is, as forges make them; null otherwise.</summary>
    public string? Only => files.Keys.Select(path => path.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? path[..slash] : "").Distinct().Take(2).ToList() is [{ Length: > 0 } name] ? name : null;

    /// <summary>The content of one of its files; null when it is larger.</summary>
    public byte[]? Content(TreeFile file, int most) => contents[file.Blob] is { } content && content.Length <= most ? content : null;

    /// <summary>Reads one.</summary>
    /// <exception cref="EngineException">It is none, too large, or holds what no module has.</exception>
    public static ModuleArchive Read(byte[] bytes, bool isZip, string package)
    {
        var archive = new ModuleArchive(package);
        try
        {
            using var stream = new MemoryStream(bytes, writable: false);
            (isZip ? archive.ReadZip : (Action<Stream>)archive.ReadTar)(stream);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or NotSupportedException or FormatException or ArgumentException or OverflowException)
        {
            throw new EngineException("The module is no archive that can be read: zip and tar.gz can be.", exception) { Named = package };
        }

        // A path that is a file and a folder too is read one way here and another in CI.
        return archive.files.Keys.SelectMany(Parents).FirstOrDefault(archive.files.ContainsKey) is null ? archive : throw archive.Refused("a file that is a folder too");
    }

    private void ReadZip(Stream stream)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Read);
        foreach (var entry in zip.Entries)
        {
            Count();
            var kind = (entry.ExternalAttributes >> 16) & UnixKind;
            if (entry.FullName.EndsWith('/') || kind == 0x4000)
            {
                continue;
            }

            using var content = entry.Open();
            Add(entry.FullName, content, kind switch
            {
                0xA000 => TreeFileKind.Link,
                0 or 0x8000 => (entry.ExternalAttributes >> 16 & 0x40) != 0 ? TreeFileKind.Executable : TreeFileKind.File,
                _ => throw Refused("a device"),
            });
        }
    }

    private void ReadTar(Stream stream)
    {
        using var plain = new GZipStream(stream, CompressionMode.Decompress);
        using var tar = new TarReader(new BoundedStream(plain, 2L * MostBytes, () => Refused($"more than {MostBytes >> 20} MB")));
        while (tar.GetNextEntry() is { } entry)
        {
            Count();
            switch (entry.EntryType)
            {
                case TarEntryType.Directory or TarEntryType.GlobalExtendedAttributes:
                    break;
                case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                    Add(entry.Name, entry.DataStream ?? Stream.Null, (entry.Mode & UnixFileMode.UserExecute) != 0 ? TreeFileKind.Executable : TreeFileKind.File);
                    break;
                case TarEntryType.SymbolicLink:
                    using (var target = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(entry.LinkName)))
                    {
                        Add(entry.Name, target, TreeFileKind.Link);
                    }

                    break;
                default:
                    throw Refused("a hard link or a device");
            }
        }
    }

    private void Count()
    {
        if (++entries > MostEntries)
        {
            throw Refused($"more than {MostEntries} files");
        }
    }

    private void Add(string name, Stream content, TreeFileKind kind)
    {
        var path = RepositoryPath.TryParse(name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name, out _)?.Value ?? throw Refused("a path that leads out of it, or that cannot be one everywhere");
        using var read = new MemoryStream();
        using var bounded = new BoundedStream(content, left, () => Refused($"more than {MostBytes >> 20} MB"));
        bounded.CopyTo(read);
        left -= read.Length;
        var bytes = read.ToArray();
        var file = new TreeFile(path, kind, Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length);
        contents[file.Blob] = bytes;
        if (!files.TryAdd(path, file))
        {
            throw Refused("the same file twice");
        }
    }

    private static IEnumerable<string> Parents(string path)
    {
        for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            yield return path[..slash];
        }
    }

    private EngineException Refused(string what) => new($"The module {package} is an archive with {what}, and is not read. Mend the archive, or copy the module into the repository.");
}
