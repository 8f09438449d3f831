namespace McpInfra.Graph.Snapshot;

/// <summary>How many of a selection's resources have each value of a column or tag; the null value is none.</summary>
internal static class SelectionCounts
{
    /// <summary>Counts by type, region, account, provider, environment, managed or tag:KEY.</summary>
    public static IReadOnlyDictionary<string, int> By(GraphView view, Selection selection, string by, out int none)
    {
        var ranks = selection.Ranks();
        var counts = by.StartsWith(FacetIndex.Tag, StringComparison.OrdinalIgnoreCase)
            ? Facet(view, ranks, by, StringComparer.Ordinal)
            : by switch
            {
                "type" => Types(view, ranks),
                "region" or "account" or "provider" or "environment" or "managed" => Facet(view, ranks, by, StringComparer.OrdinalIgnoreCase),
                _ => throw new ArgumentOutOfRangeException(nameof(by), by, "Callers check."),
            };
        foreach (var value in selection.Changed.SelectMany(ordinal => Values(view.Overlay!.Rows[ordinal], by)))
        {
            counts[value] = counts.GetValueOrDefault(value) + 1;
        }

        none = selection.Total - Holders(view, selection, ranks, by, counts);
        if (by == "managed" && none > 0)
        {
            (counts["false"], none) = (none, 0);
        }

        return counts;
    }

    private static Dictionary<string, int> Types(GraphView view, ulong[] selected)
    {
        var (counts, types, ranks) = (new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase), view.Snapshot.Types, view.Snapshot.TypeRanks.ToArray());
        for (var type = 0; type < types.Count; type++)
        {
            Add(counts, types[type + 1]!, Bits.Count(selected, ranks[type], ranks[type + 1]));
        }

        return counts;
    }

    private static Dictionary<string, int> Facet(GraphView view, ulong[] selected, string by, StringComparer comparer)
    {
        var (counts, facets) = (new Dictionary<string, int>(comparer), view.Snapshot.Facets);
        var postings = view.Snapshot.Postings;
        foreach (var range in facets.Values(by))
        {
            for (var value = range.Start.Value; value < range.End.Value; value++)
            {
                Add(counts, facets.Text(value), postings.CountIn(selected, value));
            }
        }

        return counts;
    }

    /// <summary>How many have any value: two keys that differ in case may be on one resource.</summary>
    private static int Holders(GraphView view, Selection selection, ulong[] selected, string by, Dictionary<string, int> counts)
    {
        var ranges = by.StartsWith(FacetIndex.Tag, StringComparison.OrdinalIgnoreCase) ? view.Snapshot.Facets.Values(by).ToList() : [];
        if (ranges.Count < 2)
        {
            return counts.Values.Sum() - selection.Changed.Sum(ordinal => Math.Max(0, Values(view.Overlay!.Rows[ordinal], by).Count() - 1));
        }

        var any = new ulong[selected.Length];
        var postings = view.Snapshot.Postings;
        foreach (var range in ranges)
        {
            for (var value = range.Start.Value; value < range.End.Value; value++)
            {
                postings.SetIn(any, value);
            }
        }

        Bits.And(any, selected);
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
