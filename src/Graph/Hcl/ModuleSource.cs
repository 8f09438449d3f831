namespace McpInfra.Graph.Hcl;

/// <summary>Sources of modules.</summary>
public static class ModuleSource
{
    /// <summary>Whether terraform takes the source for a folder beside the module.</summary>
    public static bool IsLocal(string source) =>
        source.StartsWith("./", StringComparison.Ordinal) || source.StartsWith("../", StringComparison.Ordinal);
}
