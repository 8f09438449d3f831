namespace McpInfra.Graph.Snapshot;

/// <summary>The next of a selection's resources in the order of answers: type, name, id.</summary>
internal static class SelectionPage
{
    /// <summary>Of a type's resources, one in so many must be selected to look at all of them in order.</summary>
    private const int Sparse = 64;

    /// <summary>At most so many ordinals of the view that come after a place.</summary>
    public static List<int> After(GraphView view, Selection selection, long key, int most)
    {
        var page = new List<int>(most);
        var changed = selection.Changed.SkipWhile(ordinal => view.Key(ordinal) <= key).ToList();
        var next = 0;
        foreach (var ordinal in OfSnapshot(view.Snapshot, selection, (int)(key >> 32), most))
        {
            var place = GraphView.KeyOfRank(view.Snapshot.Ranks[ordinal]);
            for (; next < changed.Count && view.Key(changed[next]) < place; next++)
            {
                page.Add(changed[next]);
            }

            page.Add(ordinal);
        }

        page.AddRange(changed.Skip(next).Take(most));
        return page.Count > most ? page[..most] : page;
    }

    private static List<int> OfSnapshot(SnapshotReader snapshot, Selection selection, int fromRank, int most)
    {
        var (page, some) = (new List<int>(most), new List<int>());
        var typeRanks = snapshot.TypeRanks;
        for (var type = 0; type < snapshot.Types.Count && page.Count < most; type++)
        {
            var (start, end) = (Math.Max(typeRanks[type], fromRank), typeRanks[type + 1]);
            if (start >= end)
            {
                continue;
            }

            var count = 0;
            foreach (var run in snapshot.RunsOfType(type))
            {
                count += Bits.Count(selection.Snapshot, snapshot.Runs[run].Start, snapshot.EndOf(run));
            }

            if (count > (end - typeRanks[type]) / Sparse)
            {
                Scan(snapshot.ByRank[start..end], selection.Snapshot, page, most);
            }
            else if (count > 0)
            {
                some.Clear();
                foreach (var run in snapshot.RunsOfType(type))
                {
                    Bits.List(selection.Snapshot, snapshot.Runs[run].Start, snapshot.EndOf(run), some);
                }

                Pick(snapshot.Ranks, some, fromRank, page, most);
            }
        }

        return page;
    }

    private static void Scan(ReadOnlySpan<int> byRank, ReadOnlySpan<ulong> selected, List<int> page, int most)
    {
        foreach (var ordinal in byRank)
        {
            if (Bits.Has(selected, ordinal))
            {
                page.Add(ordinal);
                if (page.Count == most)
                {
                    return;
                }
            }
        }
    }

    private static void Pick(ReadOnlySpan<int> ranks, List<int> some, int fromRank, List<int> page, int most)
    {
        var places = new List<(int Rank, int Ordinal)>(some.Count);
        foreach (var ordinal in some)
        {
            if (ranks[ordinal] >= fromRank)
            {
                places.Add((ranks[ordinal], ordinal));
            }
        }

        places.Sort();
        page.AddRange(places.Take(most - page.Count).Select(place => place.Ordinal));
    }
}
