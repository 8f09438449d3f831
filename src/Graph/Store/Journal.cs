using System.Globalization;

namespace McpInfra.Graph.Store;

/// <summary>
/// Tells readers which resources a transaction touched, so that a snapshot is brought up to date without reading everything again.
/// Every writer of rows that queries read marks them here; a relation is marked at the end that depends on the other, for hubs are what others depend on.
/// </summary>
internal sealed class Journal(Statements sql, string organization, long now)
{
    /// <summary>Above this, reading everything is the quicker way.</summary>
    private const int MostNodes = 100_000;
    private const int Kept = 4096;

    private readonly HashSet<long> rows = [];
    private readonly HashSet<long> relations = [];
    private bool everything;

    /// <summary>The resource's row, tags or findings changed, it came or it went.</summary>
    public void Row(long node) => rows.Add(node);

    /// <summary>A relation of the resource came, went or changed.</summary>
    public void Relations(long node) => relations.Add(node);

    /// <summary>A relation came, went or changed, and neither end is told apart from hubs by the writer.</summary>
    public void Relation(string type, long? from, long? to)
    {
        if (from is { } one && to is { } other)
        {
            relations.Add(Vocabulary.Find(type) is { } known && Graph.Relation.ImpactRunsForward(known) ? other : one);
        }
    }

    /// <summary>More changed than is worth listing.</summary>
    public void Everything() => everything = true;

    /// <summary>Writes what was marked as the organisation's next version.</summary>
    public void Write()
    {
        if (!everything && rows.Count == 0 && relations.Count == 0)
        {
            return;
        }

        var nodes = everything || rows.Count + relations.Count > MostNodes ? null : JournalEntry.Pack(rows, relations);
        var last = sql.First("SELECT version, mark FROM graph_journal WHERE organization = @organization ORDER BY version DESC LIMIT 1", row => new Last(row.GetInt64(0), row.GetInt64(1)), ("organization", organization)) ?? new Last(0, 0);
        sql.Execute(
            "INSERT INTO graph_journal (organization, version, mark, time, nodes) VALUES (@organization, @version, @mark, @now, @nodes)",
            ("organization", organization), ("version", last.Version + 1), ("mark", Mark(last, nodes)), ("now", now), ("nodes", nodes));
        sql.Execute("DELETE FROM graph_journal WHERE organization = @organization AND version <= @old", ("organization", organization), ("old", last.Version + 1 - Kept));
        sql.Announce();
        rows.Clear();
        relations.Clear();
        everything = false;
    }

    /// <summary>Tells histories apart that reached one version by different ways, as after a restore from a backup.</summary>
    private long Mark(Last last, byte[]? nodes) =>
        (long)(ulong)Fingerprint.Of(last.Mark.ToString(CultureInfo.InvariantCulture), now.ToString(CultureInfo.InvariantCulture), nodes is null ? null : Convert.ToBase64String(nodes));

    private sealed record Last(long Version, long Mark);
}
