namespace McpInfra.Host.Settings;

/// <summary>The folder that several processes share: database, trail, keys, freeze. 0700.</summary>
public static class StateFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>$MCP_INFRA_HOME, else the platform's per-user state folder.</summary>
    public static string Default => Environment.GetEnvironmentVariable("MCP_INFRA_HOME") is { Length: > 0 } home
        ? Path.GetFullPath(home)
        : PerUser;

    private static string PerUser =>
        OperatingSystem.IsWindows() ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "mcp-infra")
        : OperatingSystem.IsMacOS() ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "Library", "Application Support", "mcp-infra")
        : Path.Combine(
            Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } state
                ? state
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state"),
            "mcp-infra");

    /// <summary>Makes the folder when it is missing, for its owner alone, and closes it to others when it is not.</summary>
    /// <exception cref="SettingsException">It cannot be made, or belongs to somebody else.</exception>
    public static void Ensure(string folder)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
                return;
            }

            Directory.CreateDirectory(folder, OwnerOnly);
            if (File.GetUnixFileMode(folder) != OwnerOnly)
            {
                File.SetUnixFileMode(folder, OwnerOnly);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"The state folder {folder} cannot be made or closed to others. Name another one in store.sqlite or MCP_INFRA_HOME, or mend its permissions.");
        }
    }
}
