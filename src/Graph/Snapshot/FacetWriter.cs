using System.Runtime.InteropServices;

namespace McpInfra.Graph.Snapshot;

/// <summary>Collects who has which value of which facet.</summary>
internal sealed class FacetWriter
{
    /// <summary>So many values are indexed whatever the share of their holders; above, a tag that has nearly as many values as holders is not worth its space.</summary>
    private const int FewValues = 1000;

    /// <summary>So many are collected before that is judged.</summary>
    private const int EnoughToJudge = 20_000;

    private readonly Dictionary<string, Facet> facets = new(StringComparer.Ordinal);
    private readonly List<(int Value, int Row)> entries = [];
    private int values;

    public void Add(string name, string value, int row)
    {
        if (!facets.TryGetValue(name, out var facet))
        {
            facets.Add(name, facet = new Facet(name.StartsWith(FacetIndex.Tag, StringComparison.Ordinal) ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase));
        }

        if (!facet.IsIndexed)
        {
            return;
        }

        facet.Holders++;
        if (!facet.Values.TryGetValue(value, out var at))
        {
            if (name.StartsWith(FacetIndex.Tag, StringComparison.Ordinal) && facet.Values.Count >= EnoughToJudge && facet.IsMostlyDistinct)
            {
                facet.Drop();
                return;
            }

            facet.Values.Add(value, at = values++);
        }

        entries.Add((at, row));
    }

    /// <param name="ranks">Place of each row in the order of answers.</param>
    /// <param name="write">Takes each section.</param>
    public void Write(int[] ranks, Action<SnapshotSection, byte[]> write)
    {
        foreach (var (name, facet) in facets)
        {
            if (name.StartsWith(FacetIndex.Tag, StringComparison.Ordinal) && facet.Values.Count > FewValues && facet.IsMostlyDistinct)
            {
                facet.Drop();
            }
        }

        var indexed = facets.Where(facet => facet.Value.IsIndexed).OrderBy(facet => facet.Key, StringComparer.Ordinal).ToList();
        var (texts, starts, places) = (new List<string>(), new uint[indexed.Count + 1], new int[values]);
        Array.Fill(places, -1);
        for (var at = 0; at < indexed.Count; at++)
        {
            starts[at] = (uint)texts.Count;
            foreach (var value in indexed[at].Value.Values.OrderBy(value => value.Key, Comparer<string>.Create(FacetIndex.Order)))
            {
                places[value.Value] = texts.Count;
                texts.Add(value.Key);
            }
        }

        starts[^1] = (uint)texts.Count;
        write(SnapshotSection.Facets, TextList.Write([.. indexed.Select(facet => facet.Key)]));
        write(SnapshotSection.FacetStarts, MemoryMarshal.AsBytes(starts.AsSpan()).ToArray());
        write(SnapshotSection.Values, TextList.Write(texts));
        write(SnapshotSection.Unindexed, TextList.Write([.. facets.Where(facet => !facet.Value.IsIndexed).Select(facet => facet.Key[FacetIndex.Tag.Length..]).Order(StringComparer.Ordinal)]));
        var postings = Postings(ranks, places, texts.Count).Sections();
        write(SnapshotSection.ContainerStarts, postings.Starts);
        write(SnapshotSection.Containers, postings.Containers);
        write(SnapshotSection.Arrays, postings.Arrays);
        write(SnapshotSection.Bitmaps, postings.Bitmaps);
    }

    private PostingWriter Postings(int[] ranks, int[] places, int count)
    {
        var ends = new int[count + 1];
        foreach (var (value, _) in entries)
        {
            if (places[value] >= 0)
            {
                ends[places[value] + 1]++;
            }
        }

        for (var at = 1; at <= count; at++)
        {
            ends[at] += ends[at - 1];
        }

        var sorted = new int[ends[count]];
        var next = ends.AsSpan(0, count).ToArray();
        foreach (var (value, row) in entries)
        {
            if (places[value] >= 0)
            {
                sorted[next[places[value]]++] = ranks[row];
            }
        }

        var postings = new PostingWriter();
        for (var at = 0; at < count; at++)
        {
            var own = sorted.AsSpan(ends[at]..ends[at + 1]);
            own.Sort();
            postings.Add(own[..Distinct(own)]);
        }

        return postings;
    }

    /// <summary>Moves each number once to the front of the sorted numbers; answers how many.</summary>
    public static int Distinct<T>(Span<T> sorted)
        where T : IEquatable<T>
    {
        var kept = 0;
        for (var at = 0; at < sorted.Length; at++)
        {
            if (at == 0 || !sorted[at].Equals(sorted[kept - 1]))
            {
                sorted[kept++] = sorted[at];
            }
        }

        return kept;
    }

    private sealed class Facet(StringComparer comparer)
    {
        public Dictionary<string, int> Values { get; private set; } = new(comparer);

        public int Holders { get; set; }

        public bool IsIndexed { get; private set; } = true;

        public bool IsMostlyDistinct => Values.Count * 2 > Holders;

        public void Drop() => (IsIndexed, Values) = (false, []);
    }
}
