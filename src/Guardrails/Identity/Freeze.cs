namespace McpInfra.Guardrails.Identity;

/// <summary>The switch that stops every server on a state folder at once: a file whose presence freezes, read on every call.</summary>
/// <param name="stateFolder">The state folder.</param>
public sealed class Freeze(string stateFolder)
{
    private readonly string path = Path.Combine(stateFolder, "frozen");

    /// <summary>Whether calls are refused. A folder that cannot be read counts as frozen.</summary>
    public bool IsFrozen => File.Exists(path) || !Directory.Exists(stateFolder);

    /// <summary>Why, as the person wrote it.</summary>
    public string? Reason => File.Exists(path) ? File.ReadAllText(path) : null;

    /// <summary>Freezes; freezing twice keeps the first reason.</summary>
    public void Begin(string? reason)
    {
        try
        {
            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
            file.Write(System.Text.Encoding.UTF8.GetBytes(reason ?? ""));
            file.Flush(flushToDisk: true);
        }
        catch (IOException) when (File.Exists(path))
        {
        }
    }

    /// <summary>Ends the freeze; false when there was none.</summary>
    public bool End()
    {
        if (!File.Exists(path))
        {
            return false;
        }

        File.Delete(path);
        return true;
    }
}
