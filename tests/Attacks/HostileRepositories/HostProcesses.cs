namespace McpInfra.Attacks.HostileRepositories;

/// <summary>What runs on the host, by words of its command line.</summary>
internal static class HostProcesses
{
    /// <summary>Whether any process has the word.</summary>
    public static bool Run(string word) =>
        Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])).Any(folder => Command(folder).Contains(word, StringComparison.Ordinal));

    private static string Command(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ""; // It has gone meanwhile, or is somebody else's.
        }
    }
}
