namespace McpInfra.Tools.Git;

/// <summary>Who changed a file last.</summary>
/// <param name="Commit">Id of the commit, hexadecimal.</param>
/// <param name="Author">Its author's name, as anyone may have written it.</param>
/// <param name="Time">When it was written.</param>
/// <param name="IsCurrent">Whether the file still is as that commit left it.</param>
public sealed record FileChange(string Commit, string Author, DateTimeOffset Time, bool IsCurrent);
