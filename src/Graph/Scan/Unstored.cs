namespace McpInfra.Graph.Scan;

/// <summary>What is stored in one transaction: news, and how far listings have come with it.</summary>
internal sealed record Unstored(IReadOnlyList<News> News, ListingMarks Marks);
