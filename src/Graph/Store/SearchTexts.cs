using McpInfra.Graph.Queries;

namespace McpInfra.Graph.Store;

/// <summary>
/// Writes the texts that searches look through, many at once. PostgreSQL's index follows by itself; SQLite's writes itself out with each transaction and joins what it wrote,
/// so that new texts wait until there are many or the scan ends. A text that is taken away leaves the index by a trigger.
/// </summary>
internal sealed class SearchTexts(Statements sql)
{
    private const long MostUnindexed = 100_000;

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
            Index(after: MostUnindexed);
            added.Clear();
        }

        if (changed.Count > 0)
        {
            WriteChanged();
            changed.Clear();
        }
    }

    /// <summary>Brings the index up to date.</summary>
    public void Index() => Index(after: 0);

    private bool IndexesItself => sql.Dialect.Either("", "itself").Length > 0;

    private void Index(long after)
    {
        if (!IndexesItself && sql.Number($"SELECT max(node) - {TextMatch.LastIndexed} FROM graph_text") > after)
        {
            sql.Execute($"INSERT INTO graph_text_index (rowid, text) SELECT node, text FROM graph_text WHERE node > {TextMatch.LastIndexed} ORDER BY node");
        }
    }

    private void WriteChanged()
    {
        foreach (var (node, text) in changed)
        {
            sql.Send("UPDATE graph_text SET text = @text WHERE node = @node", ("text", text), ("node", node));
        }

        if (!IndexesItself)
        {
            var (last, nodes) = (sql.Number($"SELECT {TextMatch.LastIndexed}"), sql.Dialect.List(changed.Keys));
            sql.Execute($"DELETE FROM graph_text_index WHERE rowid {sql.Dialect.InList("@nodes")}", ("nodes", nodes));
            sql.Execute($"INSERT INTO graph_text_index (rowid, text) SELECT node, text FROM graph_text WHERE node {sql.Dialect.InList("@nodes")} AND node <= @last", ("nodes", nodes), ("last", last));
        }
    }
}
