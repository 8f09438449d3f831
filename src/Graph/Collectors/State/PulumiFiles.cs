using System.IO.Compression;

namespace McpInfra.Graph.Collectors.State;

/// <summary>Finds the files of Pulumi's stacks. A self-managed backend keeps `.pulumi/stacks/[PROJECT/]STACK.json`, or the same compressed; what lies beside them (`.bak`, `.attrs`, history, locks) is none.</summary>
internal static class PulumiFiles
{
    /// <summary>What a source's `path` may name.</summary>
    public const string What = "a file of `pulumi stack export`, or the folder of a self-managed backend";

    private const string Stacks = ".pulumi/stacks/";
    private const string Plain = ".json";
    private const string Compressed = ".json.gz";
    private const int MostStacks = 1000;

    /// <summary>Of a file, a folder of them, or a project's folder, which means the stacks of its backend.</summary>
    /// <exception cref="SourceException">There are none, or too many.</exception>
    public static IReadOnlyList<PulumiFile> OnDisk(SourceSettings source)
    {
        if (!Directory.Exists(source.Path))
        {
            return [new PulumiFile("", source.Path!, _ => new(PulumiState.Form.Read(source.Path!)))];
        }

        var folder = new[] { Path.Combine(source.Path, ".pulumi", "stacks"), Path.Combine(source.Path, "stacks") }.FirstOrDefault(Directory.Exists) ?? source.Path;
        var files = Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 8, AttributesToSkip = FileAttributes.ReparsePoint })
            .Select(file => new StateFileEntry(Path.GetRelativePath(folder, file).Replace('\\', '/'), File.GetLastWriteTimeUtc(file)));
        return Chosen(files, folder, "path", entry => new PulumiFile(entry.Path, $"{folder}/{entry.Path}", _ => new(PulumiState.Form.Read(Path.Combine(folder, entry.Path)))));
    }

    /// <summary>Of a source that lies in an object store.</summary>
    /// <exception cref="SourceException">It cannot be listed, or there are none, or too many.</exception>
    public static async Task<IReadOnlyList<PulumiFile>> InStoreAsync(SourceSettings source, IStateFolders folders, CancellationToken stop)
    {
        var files = (await folders.ListAsync(source, Stacks, stop)).Select(file => file with { Path = file.Path[Stacks.Length..] });
        return Chosen(files, $"the backend of source {source.Name}", "backend", entry => new PulumiFile(entry.Path, $"{entry.Path} of source {source.Name}", stopping => folders.ReadAsync(source, Stacks + entry.Path, stopping)));
    }

    /// <summary>A stack's bytes as they were before they were compressed.</summary>
    /// <exception cref="SourceException">They are cut, or too many.</exception>
    public static byte[] Inflated(byte[] bytes, string name)
    {
        if (!bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]))
        {
            return bytes;
        }

        try
        {
            using var stream = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
            return PulumiState.Form.Read(stream) ?? throw PulumiState.Form.TooLarge(name);
        }
        catch (InvalidDataException fault)
        {
            throw new SourceException($"{name} is compressed and cut or damaged. Export it anew (`pulumi stack export`).", fault);
        }
    }

    // Whoever turned compression on or off left the other form behind: the later one counts, as it does for Pulumi.
    private static IReadOnlyList<PulumiFile> Chosen(IEnumerable<StateFileEntry> files, string where, string key, Func<StateFileEntry, PulumiFile> open)
    {
        var stacks = files.Where(file => file.Path.EndsWith(Plain, StringComparison.Ordinal) || file.Path.EndsWith(Compressed, StringComparison.Ordinal)).Take(2 * MostStacks + 1)
            .GroupBy(file => Label(file.Path), StringComparer.Ordinal).OrderBy(stack => stack.Key, StringComparer.Ordinal).ToList();
        return stacks.Count switch
        {
            0 => throw new SourceException($"There is no stack ({Stacks}*{Plain} or *{Compressed}) in {where}. Correct the source's `{key}`."),
            > MostStacks => throw new SourceException($"{where} holds over {MostStacks} stacks. Name a narrower `{key}`."),
            1 => [open(stacks[0].MaxBy(file => file.Modified)!) with { Label = "" }],
            _ => [.. stacks.Select(stack => open(stack.MaxBy(file => file.Modified)!) with { Label = stack.Key + Plain })],
        };
    }

    private static string Label(string path) => path[..^(path.EndsWith(Compressed, StringComparison.Ordinal) ? Compressed : Plain).Length];
}

/// <summary>A file of a stack.</summary>
/// <param name="Label">Tells it from the source's others; empty for the only one.</param>
/// <param name="Name">What it is called in faults.</param>
/// <param name="OpenAsync">Reads it; null when it is gone.</param>
internal sealed record PulumiFile(string Label, string Name, Func<CancellationToken, ValueTask<byte[]?>> OpenAsync);
