using System.Formats.Tar;
using System.IO.Compression;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Graph.Tests;

/// <summary>Real responses that others recorded, beside the project's checkout on machines that have them; never part of it.</summary>
internal static class Recordings
{
    private static readonly Lazy<IReadOnlyDictionary<string, string>?> All = new(Read);

    /// <summary>Texts of files by path, of those below a folder; skips the test where there are none.</summary>
    public static IReadOnlyList<(string Path, string Text)> Below(string folder)
    {
        Assert.SkipWhen(All.Value is null, "no recordings lie beside this checkout");
        return [.. All.Value!.Where(file => file.Key.StartsWith(folder, StringComparison.Ordinal)).OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => (file.Key, file.Value))];
    }

    private static Dictionary<string, string>? Read()
    {
        if (Find() is not { } archive)
        {
            return null;
        }

        using var bytes = new GZipStream(File.OpenRead(archive), CompressionMode.Decompress);
        using var tar = new TarReader(bytes);
        var files = new Dictionary<string, string>();
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry is { EntryType: TarEntryType.RegularFile or TarEntryType.V7RegularFile, DataStream: { } content })
            {
                using var reader = new StreamReader(content);
                files[entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name] = reader.ReadToEnd();
            }
        }

        return files;
    }

    private static string? Find()
    {
        for (var at = new DirectoryInfo(Repository.Root); at is not null; at = at.Parent)
        {
            var archive = Path.Combine(at.FullName, "shared", "recordings", "cloud-recordings.tar.gz");
            if (File.Exists(archive))
            {
                return archive;
            }
        }

        return null;
    }
}
