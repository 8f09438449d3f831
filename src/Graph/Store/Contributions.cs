namespace McpInfra.Graph.Store;

/// <summary>What each source tells of a resource. While only one tells of it, that is its document and is not stored twice.</summary>
internal static class Contributions
{
    /// <summary>The body of a contribution that is the document.</summary>
    public const string AsDocument = "";

    /// <summary>The body of a contribution `k`, whose resource's document is `d`.</summary>
    public const string Body = "CASE k.body WHEN '' THEN d.body ELSE k.body END";

    /// <summary>The tables in which <see cref="Body"/> is found.</summary>
    public const string From = "graph_contribution k LEFT JOIN graph_document d ON d.node = k.node";

    /// <summary>Gives a contribution a body of its own, before the document becomes another.</summary>
    public static void Part(Statements sql, long node) => sql.Send(
        "UPDATE graph_contribution SET body = (SELECT d.body FROM graph_document d WHERE d.node = @node) WHERE node = @node AND body = ''", ("node", node));
}
