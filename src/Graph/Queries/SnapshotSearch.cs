using McpInfra.Graph.Snapshot;

namespace McpInfra.Graph.Queries;

/// <summary>Searches the snapshot; it answers everything but text.</summary>
internal sealed class SnapshotSearch(Reading reading, SearchQuery query, string organization)
{
    private readonly GraphView view = reading.View;

    /// <summary>Whether a view can answer the query, and count by that: it holds no texts, and not every tag.</summary>
    public static bool CanAnswer(GraphView view, SearchQuery query, string? by) =>
        Selection.CanAnswer(view, query) && (by?.StartsWith(FacetIndex.Tag, StringComparison.OrdinalIgnoreCase) is not true || view.Snapshot.Facets.IsIndexed(by[FacetIndex.Tag.Length..]));

    public SearchPage Page()
    {
        var selection = new Selection(view, query);
        var found = selection.After(query.Cursor is null ? 0 : KeyAt(query.Cursor), query.Limit + 1);
        var rows = reading.Rows(found.Take(query.Limit));
        var page = found.Take(query.Limit).Select(ordinal => rows[ordinal]).ToList();
        return new SearchPage(page, selection.Total, Gone: 0, ByWords: false) { Cursor = found.Count > page.Count ? CursorAfter(page[^1]) : null, CursorAfter = CursorAfter };
    }

    public CountPage Count(string by)
    {
        var identity = query.Identity(by, organization);
        var offset = query.Cursor is null ? 0 : Cursor.Read(identity, query.Cursor);
        var selection = new Selection(view, query);
        var counts = SelectionCounts.By(view, selection, by, out var none).Select(count => new ValueCount(count.Key, count.Value)).ToList();
        if (none > 0)
        {
            counts.Add(new ValueCount(null, none));
        }

        counts.Sort((one, other) => one.Count != other.Count ? other.Count.CompareTo(one.Count) : string.CompareOrdinal(one.Value, other.Value));
        var page = counts.Skip((int)Math.Min(offset, int.MaxValue)).Take(query.Limit).ToList();
        return new CountPage(page, selection.Total, counts.Count, offset + page.Count < counts.Count ? Cursor.Write(identity, offset + page.Count) : null);
    }

    private string CursorAfter(ResourceRow row) => Cursor.Write(query.Identity(null, organization), row.Node);

    /// <summary>The place of the row that the page before ended with, which may have gone since.</summary>
    private long KeyAt(string cursor)
    {
        var node = Cursor.Read(query.Identity(null, organization), cursor);
        if (view.OrdinalOf(node) is >= 0 and var ordinal)
        {
            return view.Key(ordinal);
        }

        return reading.Record?.Row(node) is { } row
            ? (long)view.Snapshot.RankOf(row.Type, row.Name, row.Id) << 32
            : throw new CursorException("What the cursor points at is no longer in the graph. Ask anew without a cursor.");
    }
}
