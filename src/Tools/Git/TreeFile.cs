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
/// <param name="Path">With `/`; no segment of it is `..`, `.git` in any form, or holds a separator or control character.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Blob">Object id, hexadecimal.</param>
/// <param name="Size">Bytes; 0 for a submodule.</param>
public sealed record TreeFile(string Path, TreeFileKind Kind, string Blob, long Size)
{
    /// <summary>git's own mode, octal.</summary>
    public string Mode => Kind switch
    {
        TreeFileKind.Executable => "100755",
        TreeFileKind.Link => "120000",
        TreeFileKind.Submodule => "160000",
        _ => "100644",
    };
}
