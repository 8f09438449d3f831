namespace McpInfra.Tools.Sandbox.Escapes;

/// <summary>Processes of the host, by a word on their command line.</summary>
internal static class Processes
{
    /// <summary>Whether any runs.</summary>
    public static bool Running(string word) => OperatingSystem.IsLinux() && Directory.EnumerateDirectories("/proc").Any(folder =>
    {
        try
        {
            return char.IsAsciiDigit(folder[^1]) && File.ReadAllText(Path.Combine(folder, "cmdline")).Contains(word, StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });
}
