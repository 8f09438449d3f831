using Dapper;
using McpInfra.Storage;

namespace McpInfra.Graph.Queries;

/// <summary>Finds what holds a text of three letters or more by the index of pieces of text: FTS5's trigrams in SQLite, pg_trgm's in PostgreSQL.</summary>
internal static class TextMatch
{
    /// <summary>The index, joined to resources called r.</summary>
    public static string From(Dialect dialect) => dialect.Either(
        "graph_text_index CROSS JOIN graph_resource r ON r.node = graph_text_index.rowid",
        "graph_text f JOIN graph_resource r ON r.node = f.node");

    /// <summary>The conditions under which all texts are held.</summary>
    public static IEnumerable<string> Where(Dialect dialect, IReadOnlyList<string> texts, DynamicParameters parameters)
    {
        if (texts.Count == 0)
        {
            return [];
        }

        parameters.Add("match", string.Join(" AND ", texts.Select(text => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")));
        for (var at = 0; at < texts.Count; at++)
        {
            parameters.Add($"like{at}", $"%{Escaped(texts[at])}%");
        }

        return dialect.Either("sqlite", "postgres") == "sqlite" ? ["graph_text_index MATCH @match"] : texts.Select((_, at) => $"f.text LIKE @like{at}");
    }

    private static string Escaped(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
