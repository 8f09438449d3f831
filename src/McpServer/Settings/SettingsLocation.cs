namespace McpInfra.Host.Settings;

/// <summary>Finds the configuration and tells whether it may be believed.</summary>
public static class SettingsLocation
{
    /// <summary>The name of a configuration file.</summary>
    public const string FileName = "mcp-infra.yaml";

    /// <summary>
    /// The settings of `--config`, else of $MCP_INFRA_CONFIG (both trusted), else of a file found in the folder or upward that `trust` has recorded unchanged,
    /// else of the folder alone.
    /// </summary>
    /// <param name="config">The `--config` option.</param>
    /// <param name="folder">The current folder.</param>
    /// <param name="tell">Told of a file that was found and not believed.</param>
    /// <exception cref="SettingsException">The configuration has faults.</exception>
    public static Settings Load(string? config, string folder, Action<string> tell)
    {
        if ((config ?? Named()) is { } named)
        {
            return SettingsReader.Read(Path.GetFullPath(named, folder));
        }

        if (Find(folder) is not { } found)
        {
            return FolderSettings.Of(folder);
        }

        var trust = new TrustedFiles(StateFolder.Default);
        if (trust.Covers(found))
        {
            return SettingsReader.Read(found) with { IsFound = true };
        }

        tell($"{found} was found but is not trusted (new, or changed since), so it is not used. Read it, then run: mcp-infra trust {found}");
        return FolderSettings.Of(folder);
    }

    private static string? Named() => Environment.GetEnvironmentVariable("MCP_INFRA_CONFIG") is { Length: > 0 } file ? file : null;

    private static string? Find(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            var file = Path.Combine(at.FullName, FileName);
            if (File.Exists(file))
            {
                return file;
            }
        }

        return null;
    }
}
