namespace McpInfra.Graph.Hcl;

/// <summary>What terraform takes a file for, by its name alone.</summary>
public enum EngineFile
{
    /// <summary>Nothing: it does not read the file.</summary>
    None,

    /// <summary>`.tf` and `.tf.json`.</summary>
    Code,

    /// <summary>`override.tf`, `_override.tf` and their `.json`: merged over the rest.</summary>
    Override,

    /// <summary>`.tfvars` and `.tfvars.json`.</summary>
    Variables,
}

/// <summary>Tells engine files by name, as terraform's own loader does.</summary>
public static class EngineFiles
{
    /// <summary>What the engine takes a file of that name for.</summary>
    public static EngineFile Kind(string name)
    {
        // Editors' files, which the engine skips.
        if (name.StartsWith('.') || name.EndsWith('~') || (name.StartsWith('#') && name.EndsWith('#')))
        {
            return EngineFile.None;
        }

        if (Ends(name, ".tfvars") || Ends(name, ".tfvars.json"))
        {
            return EngineFile.Variables;
        }

        var stem = Ends(name, ".tf") ? name[..^3] : Ends(name, ".tf.json") ? name[..^8] : null;
        return stem is null ? EngineFile.None
            : stem == "override" || Ends(stem, "_override") ? EngineFile.Override
            : EngineFile.Code;
    }

    /// <summary>Whether terraform reads a variables file of that name without being told to.</summary>
    public static bool IsAutomatic(string name) =>
        name is "terraform.tfvars" or "terraform.tfvars.json" || Ends(name, ".auto.tfvars") || Ends(name, ".auto.tfvars.json");

    private static bool Ends(string name, string end) => name.EndsWith(end, StringComparison.Ordinal);
}
