using Dapper;
using McpInfra.Storage;

namespace McpInfra.Graph.Queries;

/// <summary>Finds what holds a text of three letters or more by the index of pieces of text: FTS5's trigrams in SQLite, pg_trgm's in PostgreSQL.</summary>
internal static class TextMatch
{
    /// <summary>The last node whose text SQLite's index holds: a load fills the index in large parts, and the nodes after it are looked through one by one.</summary>
    public const string LastIndexed = "(SELECT coalesce(max(id), 0) FROM graph_text_index_docsize)";

    /// <summary>What holds all of the texts, joined to resources called r.</summary>
    public static string Holding(Dialect dialect, IReadOnlyList<string> texts, DynamicParameters parameters)
    {
        parameters.Add("match", string.Join(" AND ", texts.Select(text => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")));
        for (var at = 0; at < texts.Count; at++)
        {
            parameters.Add($"held{at}", dialect.Either(texts[at], $"%{Escaped(texts[at])}%"));
        }

        var held = string.Join(" AND ", texts.Select((_, at) => dialect.Either($"instr(text, @held{at}) > 0", $"f.text LIKE @held{at}")));
        return dialect.Either(
            $"""
            (SELECT rowid AS node FROM graph_text_index WHERE graph_text_index MATCH @match
             UNION ALL SELECT node FROM graph_text WHERE node > {LastIndexed} AND {held}) f CROSS JOIN graph_resource r ON r.node = f.node
            """,
            $"graph_text f JOIN graph_resource r ON r.node = f.node AND {held}");
    }

    private static string Escaped(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
