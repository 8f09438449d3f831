namespace McpInfra.Guardrails.Policies;

/// <summary>The files of a folder of policies.</summary>
public static class RulebookFiles
{
    /// <summary>How the name of a file of cases ends; it decides nothing.</summary>
    public const string Case = ".test.yaml";

    /// <summary>The files of cases, in order.</summary>
    public static IReadOnlyList<string> Tests(string folder) => [.. Directory.EnumerateFiles(folder, "*" + Case, SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
