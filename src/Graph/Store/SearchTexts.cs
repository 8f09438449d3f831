namespace McpInfra.Graph.Store;

/// <summary>
/// Writes the texts that searches look through, many at once: SQLite's index of pieces writes itself out after each statement, so that one at a time takes four times as long.
/// A text that is taken away leaves the index by a trigger.
/// </summary>
internal sealed class SearchTexts(Statements sql)
{
    private readonly Dictionary<long, string> changed = [];
    private readonly Dictionary<long, string> added = [];

    /// <summary>The text of a node that has none.</summary>
    public void Add(long node, string text) => added[node] = text;

    /// <summary>The text of a node that has one.</summary>
    public void Change(long node, string text) => changed[node] = text;

    /// <summary>Writes what was collected.</summary>
    public void Write()
    {
        if (added.Count > 0)
        {
            sql.Insert("graph_text", ["node", "text"], added.Select(text => new object?[] { text.Key, text.Value }));
            Index(added.Keys, "");
            added.Clear();
        }

        if (changed.Count > 0)
        {
            Index(changed.Keys, "'delete', ");
            foreach (var (node, text) in changed)
            {
                sql.Send("UPDATE graph_text SET text = @text WHERE node = @node", ("text", text), ("node", node));
            }

            Index(changed.Keys, "");
            changed.Clear();
        }
    }

    private void Index(IReadOnlyCollection<long> nodes, string verb)
    {
        if (sql.Dialect.Either("by hand", "by itself") == "by hand")
        {
            sql.Execute(
                $"INSERT INTO graph_text_index ({(verb.Length > 0 ? "graph_text_index, " : "")}rowid, text) SELECT {verb}node, text FROM graph_text WHERE node {sql.Dialect.InList("@nodes")}",
                ("nodes", sql.Dialect.List(nodes)));
        }
    }
}
