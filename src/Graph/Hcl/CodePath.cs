namespace McpInfra.Graph.Hcl;

/// <summary>Paths within a repository: relative to its root, with `/`, "." for the root itself.</summary>
public static class CodePath
{
    /// <summary>The folder a path stands in.</summary>
    public static string Folder(string path) => path.LastIndexOf('/') is var slash && slash < 0 ? "." : path[..slash];

    /// <summary>The last part of a path.</summary>
    public static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>A folder's own spelling, without a leading `./` or a trailing `/`; null when it leaves the repository.</summary>
    public static string? Normal(string folder) => Join(".", folder);

    /// <summary>Where a relative path leads from a folder; null when it is absolute or leaves the repository.</summary>
    public static string? Join(string folder, string relative)
    {
        if (relative.StartsWith('/') || relative.Contains('\\') || relative.Contains('\0'))
        {
            return null;
        }

        var parts = new List<string>();
        foreach (var part in folder.Split('/').Concat(relative.Split('/')))
        {
            if (part == ".." && parts.Count == 0)
            {
                return null;
            }

            if (part == "..")
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not ("" or "."))
            {
                parts.Add(part);
            }
        }

        return parts.Count == 0 ? "." : string.Join('/', parts);
    }

    /// <summary>Whether a path is the folder or stands below it.</summary>
    public static bool IsWithin(string folder, string path) =>
        folder == "." || path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal);
}
