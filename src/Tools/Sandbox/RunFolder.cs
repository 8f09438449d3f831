namespace McpInfra.Tools.Sandbox;

/// <summary>Folders of single runs among the system's temporary ones, for nobody else to enter.</summary>
internal static class RunFolder
{
    private const string Prefix = "mcp-infra-";

    private static readonly Lazy<bool> Swept = new(Sweep);

    /// <summary>A new one.</summary>
    public static string Create() => Directory.CreateTempSubdirectory($"{Prefix}{Owner.Mark}-").FullName;

    /// <summary>Removes, once a process, what servers that were killed have left.</summary>
    public static void SweepOnce() => _ = Swept.Value;

    private static bool Sweep()
    {
        foreach (var left in Directory.EnumerateDirectories(Path.GetTempPath(), Prefix + "*").Where(left => Owner.IsGone(Path.GetFileName(left)[Prefix.Length..]) && Ownership.IsOurs(left)))
        {
            try
            {
                Directory.Delete(left, recursive: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Another server removes it at the same time.
            }
        }

        return true;
    }
}
