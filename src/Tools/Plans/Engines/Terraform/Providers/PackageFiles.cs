namespace McpInfra.Tools.Plans.Engines.Terraform.Providers;

/// <summary>The files of an unpacked package, by names relative to its folder with `/`.</summary>
internal static class PackageFiles
{
    private const int Most = 2000;

    /// <exception cref="EngineException">It holds a link or too many files.</exception>
    public static IReadOnlyList<(string Name, string Path)> Of(string folder)
    {
        var files = new List<(string, string)>();
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, ReturnSpecialDirectories = false }))
        {
            if (entry.LinkTarget is not null)
            {
                throw new EngineException("A provider's package in the mirror holds a link. Put the files themselves there.");
            }

            if (entry is FileInfo)
            {
                files.Add((Path.GetRelativePath(folder, entry.FullName).Replace('\\', '/'), entry.FullName));
            }

            if (files.Count > Most)
            {
                throw new EngineException($"A provider's package in the mirror holds more than {Most} files.");
            }
        }

        return files;
    }
}
