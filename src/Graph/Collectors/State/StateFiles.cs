namespace McpInfra.Graph.Collectors.State;

/// <summary>Finds the files of a source that is a file or a folder of them.</summary>
internal static class StateFiles
{
    private const int MostFiles = 1000;

    /// <summary>Each with the label that tells it from others; the only one has none.</summary>
    public static List<(string Label, string Path)> Of(SourceSettings source, string ending, string what)
    {
        var path = source.Path ?? throw new SourceException($"The source {source.Name} has no `path`. Name {what} or a folder of them.");
        if (!Directory.Exists(path))
        {
            return [("", path)];
        }

        var files = Directory.EnumerateFiles(path, "*" + ending, new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 8, AttributesToSkip = FileAttributes.ReparsePoint })
            .Order(StringComparer.Ordinal).Take(MostFiles + 1).ToList();
        return files.Count switch
        {
            0 => throw new SourceException($"There is no *{ending} file in {path}. Correct the source's `path`."),
            > MostFiles => throw new SourceException($"{path} holds over {MostFiles} such files. Name a smaller folder."),
            1 => [("", files[0])],
            _ => [.. files.Select(file => (Path.GetRelativePath(path, file).Replace('\\', '/'), file))],
        };
    }
}
