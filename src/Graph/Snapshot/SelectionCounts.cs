namespace McpInfra.Graph.Snapshot;

/// <summary>How many of a selection's resources have each value of a column or tag; the null value is none.</summary>
internal static class SelectionCounts
{
    /// <summary>Counts by type, region, account, provider, environment, managed or tag:KEY.</summary>
    public static IReadOnlyDictionary<string, int> By(GraphView view, Selection selection, string by, out int none)
    {
        var counts = by.StartsWith(FacetIndex.Tag, StringComparison.OrdinalIgnoreCase)
            ? Facet(view, selection, by, StringComparer.Ordinal)
            : by switch
            {
                "type" => Runs(view, selection, run => run.Type, view.Snapshot.Types),
                "region" => Runs(view, selection, run => run.Region, view.Snapshot.Regions),
                "account" => Runs(view, selection, run => run.Account, view.Snapshot.Accounts),
                "provider" => Runs(view, selection, run => run.Provider, view.Snapshot.Providers),
                "environment" or "managed" => Facet(view, selection, by, StringComparer.OrdinalIgnoreCase),
                _ => throw new ArgumentOutOfRangeException(nameof(by), by, "Callers check."),
            };
        foreach (var value in selection.Changed.SelectMany(ordinal => Values(view.Overlay!.Rows[ordinal], by)))
        {
            counts[value] = counts.GetValueOrDefault(value) + 1;
        }

        none = selection.Total - Holders(view, selection, by, counts);
        if (by == "managed" && none > 0)
        {
            (counts["false"], none) = (none, 0);
        }

        return counts;
    }

    private static Dictionary<string, int> Runs(GraphView view, Selection selection, Func<SnapshotRun, int> column, SnapshotTexts texts)
    {
        var byPlace = new int[texts.Count + 1];
        var runs = view.Snapshot.Runs;
        for (var at = 0; at < runs.Length; at++)
        {
            byPlace[column(runs[at])] += Bits.Count(selection.Snapshot, runs[at].Start, view.Snapshot.EndOf(at));
        }

        var counts = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var place = 1; place < byPlace.Length; place++)
        {
            Add(counts, texts[place]!, byPlace[place]);
        }

        return counts;
    }

    private static Dictionary<string, int> Facet(GraphView view, Selection selection, string by, StringComparer comparer)
    {
        var (counts, facets) = (new Dictionary<string, int>(comparer), view.Snapshot.Facets);
        var postings = view.Snapshot.Postings;
        foreach (var range in facets.Values(by))
        {
            for (var value = range.Start.Value; value < range.End.Value; value++)
            {
                Add(counts, facets.Text(value), postings.CountIn(selection.Snapshot, value));
            }
        }

        return counts;
    }

    /// <summary>How many have any value: two keys that differ in case may be on one resource.</summary>
    private static int Holders(GraphView view, Selection selection, string by, Dictionary<string, int> counts)
    {
        var ranges = by.StartsWith(FacetIndex.Tag, StringComparison.OrdinalIgnoreCase) ? view.Snapshot.Facets.Values(by).ToList() : [];
        if (ranges.Count < 2)
        {
            return counts.Values.Sum() - selection.Changed.Sum(ordinal => Math.Max(0, Values(view.Overlay!.Rows[ordinal], by).Count() - 1));
        }

        var any = new ulong[selection.Snapshot.Length];
        foreach (var range in ranges)
        {
            for (var value = range.Start.Value; value < range.End.Value; value++)
            {
                view.Snapshot.Postings.SetIn(any, value);
            }
        }

        Bits.And(any, selection.Snapshot);
        return Bits.Count(any) + selection.Changed.Count(ordinal => Values(view.Overlay!.Rows[ordinal], by).Any());
    }

    private static IEnumerable<string> Values(OverlayRow holder, string by)
    {
        string?[] single = by switch
        {
            "type" => [holder.Row.Type],
            "region" => [holder.Row.Region],
            "account" => [holder.Row.Account],
            "provider" => [holder.Row.Provider],
            "environment" => [holder.Row.Environment],
            "managed" => [holder.Row.IsManaged ? "true" : null],
            _ => [.. holder.Tags.Where(tag => tag.Key.Equals(by[FacetIndex.Tag.Length..], StringComparison.OrdinalIgnoreCase)).Select(tag => tag.Value)],
        };
        return single.OfType<string>();
    }

    private static void Add(Dictionary<string, int> counts, string value, int count)
    {
        if (count > 0)
        {
            counts[value] = counts.GetValueOrDefault(value) + count;
        }
    }
}
