namespace McpInfra.Graph.Collectors.Documents;

/// <summary>A file of a registered repository that people wrote for people.</summary>
/// <param name="Repository">Registered repository.</param>
/// <param name="Path">Path with `/` from its root.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="Title">Its first heading, else its path.</param>
/// <param name="Passages">In order.</param>
public sealed record Document(string Repository, string Path, DocumentKind Kind, string Title, IReadOnlyList<Passage> Passages)
{
    /// <summary>By CODEOWNERS, else by the catalogue; null when nobody is named.</summary>
    public string? Owner { get; init; }
}

/// <summary>A piece of a document under one heading.</summary>
/// <param name="Heading">Headings above it, joined by ` › `; empty before the first.</param>
/// <param name="Line">Its first line, 1-based.</param>
/// <param name="Text">Lines as they are, secrets masked.</param>
public sealed record Passage(string Heading, int Line, string Text);
