using System.Buffers;
using McpInfra.Graph.Queries;

namespace McpInfra.Graph.Snapshot;

/// <summary>Resources of some types among those that a walk reached. Holds pooled memory until it is disposed.</summary>
internal sealed class TypeFilter : IDisposable
{
    private const int Few = 2048;

    private readonly GraphView view;
    private readonly IReadOnlySet<string>? types;
    private readonly int words;
    private readonly ulong[]? wanted;

    public TypeFilter(GraphView view, IReadOnlySet<string>? types)
    {
        (this.view, this.types, words) = (view, types, Bits.Words(view.Capacity));
        if (types is not null)
        {
            wanted = ArrayPool<ulong>.Shared.Rent(words);
            Array.Clear(wanted, 0, words);
            Fill(wanted);
        }
    }

    /// <summary>How many of them are of the types.</summary>
    public long Count(ReadOnlySpan<Stretch> stretches)
    {
        if (wanted is null)
        {
            return Stretch.Sum(stretches);
        }

        var count = 0L;
        foreach (var (start, end) in stretches)
        {
            count += Bits.Count(wanted, start, end);
        }

        return count;
    }

    /// <summary>Those of the types in the order of answers, from an offset.</summary>
    public IReadOnlyList<int> Ordered(ReadOnlySpan<Stretch> stretches, int offset, int most)
    {
        if (Stretch.Sum(stretches) > Few)
        {
            return Sorted(stretches, offset, most);
        }

        var places = new List<(long Key, int Ordinal)>();
        foreach (var (start, end) in stretches)
        {
            for (var ordinal = start; ordinal < end; ordinal++)
            {
                if (wanted is null || Bits.Has(wanted, ordinal))
                {
                    places.Add((view.Key(ordinal), ordinal));
                }
            }
        }

        places.Sort();
        return [.. places.Skip(offset).Take(most).Select(place => place.Ordinal)];
    }

    /// <summary>How many of each type a walk reached, the most frequent first.</summary>
    public List<ValueCount> Counts(Walk walk)
    {
        var (counts, runs, snapshot) = (new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase), view.Snapshot.Runs.ToArray(), view.Snapshot);
        var reached = walk.Visited;
        var start = walk.Level(0)[0].Start;
        for (var at = 0; at < runs.Length; at++)
        {
            Add(snapshot.Types[runs[at].Type]!, Bits.Count(reached, runs[at].Start, snapshot.EndOf(at)));
        }

        Add(view.TypeOf(start), -1);
        if (view.Overlay is { } overlay)
        {
            foreach (var ordinal in overlay.Rows.Keys.Where(ordinal => Bits.Has(walk.Visited, ordinal)))
            {
                if (ordinal < snapshot.Count)
                {
                    Add(snapshot.Type(ordinal), -1);
                }

                Add(overlay.Rows[ordinal].Row.Type, 1);
            }
        }

        return [.. counts.Where(count => count.Value > 0 && types?.Contains(count.Key) is not false).OrderByDescending(count => count.Value).ThenBy(count => count.Key, StringComparer.Ordinal).Select(count => new ValueCount(count.Key, count.Value))];

        void Add(string type, long count) => counts[type] = counts.GetValueOrDefault(type) + count;
    }

    public void Dispose()
    {
        if (wanted is not null)
        {
            ArrayPool<ulong>.Shared.Return(wanted);
        }
    }

    private void Fill(ulong[] bits)
    {
        var (snapshot, runs) = (view.Snapshot, view.Snapshot.Runs.Length);
        for (var at = 0; at < runs; at++)
        {
            if (types!.Contains(snapshot.Types[snapshot.Runs[at].Type]!))
            {
                Bits.Fill(bits, snapshot.Runs[at].Start, snapshot.EndOf(at));
            }
        }

        foreach (var (ordinal, row) in view.Overlay?.Rows ?? [])
        {
            Bits.Unset(bits, ordinal);
            if (types!.Contains(row.Row.Type))
            {
                Bits.Set(bits, ordinal);
            }
        }
    }

    /// <summary>By bits in the order of ranks: many are cheaper to mark than to sort.</summary>
    private List<int> Sorted(ReadOnlySpan<Stretch> stretches, int offset, int most)
    {
        var (changed, count, page) = (new List<(long Key, int Ordinal)>(), view.Snapshot.Count, new List<int>());
        var ranked = ArrayPool<ulong>.Shared.Rent(Bits.Words(count));
        Array.Clear(ranked, 0, Bits.Words(count));
        var ranks = view.Snapshot.Ranks;
        var rows = view.Overlay?.Rows;
        foreach (var (start, end) in stretches)
        {
            for (var ordinal = start; ordinal < end; ordinal++)
            {
                if (wanted is not null && !Bits.Has(wanted, ordinal))
                {
                    continue;
                }

                if (rows?.ContainsKey(ordinal) is true)
                {
                    changed.Add((view.Key(ordinal), ordinal));
                }
                else
                {
                    Bits.Set(ranked, ranks[ordinal]);
                }
            }
        }

        changed.Sort();
        Merge(ranked, changed, offset, most, page);
        ArrayPool<ulong>.Shared.Return(ranked);
        return page;
    }

    private void Merge(ulong[] ranked, List<(long Key, int Ordinal)> changed, int offset, int most, List<int> page)
    {
        var byRank = view.Snapshot.ByRank;
        var next = 0;
        for (var at = 0; at < Bits.Words(view.Snapshot.Count) && page.Count < most; at++)
        {
            if (next == changed.Count && offset >= System.Numerics.BitOperations.PopCount(ranked[at]))
            {
                offset -= System.Numerics.BitOperations.PopCount(ranked[at]);
                continue;
            }

            for (var word = ranked[at]; word != 0 && page.Count < most; word &= word - 1)
            {
                var rank = (at << 6) + System.Numerics.BitOperations.TrailingZeroCount(word);
                for (; next < changed.Count && changed[next].Key < GraphView.KeyOfRank(rank); next++)
                {
                    Take(changed[next].Ordinal);
                }

                Take(byRank[rank]);
            }
        }

        for (; next < changed.Count; next++)
        {
            Take(changed[next].Ordinal);
        }

        void Take(int ordinal)
        {
            if (offset > 0)
            {
                offset--;
            }
            else if (page.Count < most)
            {
                page.Add(ordinal);
            }
        }
    }
}
