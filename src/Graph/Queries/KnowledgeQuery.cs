using McpInfra.Graph.Collectors.Documents;

namespace McpInfra.Graph.Queries;

/// <summary>What documents are searched for.</summary>
public sealed record KnowledgeQuery(string Text)
{
    /// <summary>Only documents of these kinds; all when empty.</summary>
    public IReadOnlyList<DocumentKind> Kinds { get; init; } = [];

    /// <summary>Whether the text is a name, of which every word must stand beside the next.</summary>
    public bool IsPhrase { get; init; }

    /// <summary>Most passages of the page.</summary>
    public int Limit { get; init; } = 10;

    /// <summary>How many to pass over.</summary>
    public long Offset { get; init; }
}

/// <summary>A page of passages.</summary>
/// <param name="Passages">The best first, one for each document.</param>
/// <param name="Total">How many documents there are on all pages.</param>
/// <param name="ByAnyWord">No passage holds every word; these hold some of them.</param>
public sealed record KnowledgePage(IReadOnlyList<FoundPassage> Passages, long Total, bool ByAnyWord);

/// <summary>The passage of a document that fits best.</summary>
/// <param name="Repository">Registered repository.</param>
/// <param name="Path">File within it.</param>
/// <param name="Commit">Commit of the repository that was read.</param>
/// <param name="Kind">What the document is for.</param>
/// <param name="Title">Its title.</param>
public sealed record FoundPassage(string Repository, string Path, string Commit, DocumentKind Kind, string Title)
{
    /// <summary>Headings above the passage.</summary>
    public string Heading { get; init; } = "";

    /// <summary>The line at which the words stand.</summary>
    public int Line { get; init; }

    /// <summary>Some lines around them.</summary>
    public string Snippet { get; init; } = "";

    /// <summary>Who owns the document.</summary>
    public string? Owner { get; init; }
}
