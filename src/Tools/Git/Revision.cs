namespace McpInfra.Tools.Git;

/// <summary>A state of a repository.</summary>
/// <param name="Commit">Commit id, hexadecimal.</param>
/// <param name="Tree">Tree id, hexadecimal.</param>
public sealed record Revision(string Commit, string Tree);
