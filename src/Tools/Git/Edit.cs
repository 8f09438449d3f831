using System.ComponentModel.DataAnnotations;

namespace McpInfra.Tools.Git;

/// <summary>One edit of a file: its whole content, one replacement, or its deletion.</summary>
/// <param name="Path">File within the repository, with `/`.</param>
/// <param name="Content">The whole new content.</param>
/// <param name="Find">Text that occurs exactly once in the file.</param>
/// <param name="Replace">What takes its place.</param>
/// <param name="Delete">True deletes the file.</param>
public sealed record Edit(
    [MaxLength(1024)] string Path,
    [MaxLength(100_000)] string? Content = null,
    [MaxLength(100_000)] string? Find = null,
    [MaxLength(100_000)] string? Replace = null,
    bool? Delete = null);

/// <summary>Why an edit does not apply.</summary>
/// <param name="Path">The edit's path as it came: show it as tenant's text.</param>
/// <param name="Line">1-based line of the file, when one matters.</param>
/// <param name="Message">Our own words.</param>
public sealed record EditFault(string Path, int? Line, string Message);

/// <summary>A tree with edits applied, or why there is none.</summary>
/// <param name="Tree">Tree id, hexadecimal; empty with a fault.</param>
/// <param name="Files">Paths that differ from the tree the edits started from, ordered.</param>
/// <param name="Fault">The first edit that does not apply.</param>
public sealed record EditedTree(string Tree, IReadOnlyList<string> Files, EditFault? Fault = null);
