namespace McpInfra.Tools.Git;

/// <summary>What a tree's entry is.</summary>
public enum TreeFileKind
{
    /// <summary>A file.</summary>
    File,

    /// <summary>A file that may be run.</summary>
    Executable,

    /// <summary>A symbolic link; its blob is where it points, which nobody here follows.</summary>
    Link,

    /// <summary>A commit of another repository.</summary>
    Submodule,
}

/// <summary>One file of a tree.</summary>
/// <param name="Path">With `/`; no segment of it is `..`, `.git` in any form, or holds a control character.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Blob">Object id, hexadecimal.</param>
/// <param name="Size">Bytes; 0 for a submodule.</param>
public sealed record TreeFile(string Path, TreeFileKind Kind, string Blob, long Size)
{
    /// <summary>Whether a name in its path holds a backslash, which separates folders on other systems: it is listed and compared, and never read or written.</summary>
    public bool IsUnportable => Path.Contains('\\', StringComparison.Ordinal);

    /// <summary>Whether it is a file that may be read: no link, no submodule, nothing unportable.</summary>
    public bool IsPlain => Kind is TreeFileKind.File or TreeFileKind.Executable && !IsUnportable;

    /// <summary>git's own mode, octal.</summary>
    public string Mode => Kind switch
    {
        TreeFileKind.Executable => "100755",
        TreeFileKind.Link => "120000",
        TreeFileKind.Submodule => "160000",
        _ => "100644",
    };
}
