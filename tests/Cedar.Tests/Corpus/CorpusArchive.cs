using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;

namespace McpInfra.Cedar.Tests.Corpus;

/// <summary>Integration tests in the language's own layout: JSON files that name policies, entities, a schema and requests with the answers.</summary>
internal sealed class CorpusArchive
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { MaxDepth = 512 };

    private readonly Dictionary<string, byte[]> files = [];

    public IEnumerable<(string Path, CorpusCase Case)> Cases =>
        from file in files
        where file.Key.EndsWith(".json", StringComparison.Ordinal) && !file.Key.EndsWith("entities.json", StringComparison.Ordinal)
        let test = JsonSerializer.Deserialize<CorpusCase>(file.Value, Options)
        where test is { Policies: not null, Requests: not null }
        orderby file.Key
        select (file.Key, test);

    /// <summary>Reads a tar.gz, or a folder of the same layout.</summary>
    public static CorpusArchive Read(string path)
    {
        var archive = new CorpusArchive();
        if (Directory.Exists(path))
        {
            foreach (var file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories))
            {
                archive.files[Path.GetRelativePath(path, file).Replace('\\', '/')] = System.IO.File.ReadAllBytes(file);
            }

            return archive;
        }

        using var unzipped = new GZipStream(System.IO.File.OpenRead(path), CompressionMode.Decompress);
        using var tar = new TarReader(unzipped);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is not null)
            {
                using var content = new MemoryStream();
                entry.DataStream.CopyTo(content);
                archive.files[entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name] = content.ToArray();
            }
        }

        return archive;
    }

    /// <summary>A file that a case names: from the archive's root, or from any folder above the case.</summary>
    public byte[] File(string from, string name)
    {
        for (var folder = Path.GetDirectoryName(from); ; folder = Path.GetDirectoryName(folder))
        {
            if (files.TryGetValue(string.IsNullOrEmpty(folder) ? name : $"{folder}/{name}", out var content))
            {
                return content;
            }

            if (string.IsNullOrEmpty(folder))
            {
                // An archive may be packed from within the folder that its cases name.
                var beside = Path.Combine(Path.GetDirectoryName(from) ?? "", Path.GetFileName(name)).Replace('\\', '/');
                return files.TryGetValue(beside, out var found) ? found : throw new FileNotFoundException($"{from} names {name}, which the archive lacks");
            }
        }
    }
}
