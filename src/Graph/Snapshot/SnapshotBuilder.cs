using System.Runtime.InteropServices;

namespace McpInfra.Graph.Snapshot;

/// <summary>Makes a snapshot of rows, then their findings, then their relations, each in any order.</summary>
internal sealed class SnapshotBuilder
{
    private readonly BytePool pool = new();
    private readonly List<Row> rows = [];
    private readonly Dictionary<long, int> byNode = [];
    private readonly Codes accounts = new(), regions = new(), types = new(), providers = new();
    private readonly FacetWriter facets = new();
    private readonly List<(int Used, uint Type, int User)> relations = [];

    /// <summary>How many rows came.</summary>
    public int Count => rows.Count;

    /// <exception cref="InvalidOperationException">There are more than a snapshot holds.</exception>
    public void Add(in SnapshotRow row, IReadOnlyList<(string Key, string Value)> tags)
    {
        if (rows.Count == Edge.MostOrdinals)
        {
            throw new InvalidOperationException($"A graph of over {Edge.MostOrdinals} resources is not supported. Scan its parts as organisations of their own.");
        }

        var at = rows.Count;
        byNode.Add(row.Node, at);
        rows.Add(new Row(row.Node, pool.Add(row.Id), pool.Add(row.Name), accounts.Of(row.Account), regions.Of(row.Region), types.Of(row.Type), providers.Of(row.Provider)));
        facets.Add(FacetIndex.Changed, SnapshotRow.Moment(row.ChangedAt), at);
        if (row.IsManaged)
        {
            facets.Add(FacetIndex.Managed, "true", at);
        }

        foreach (var (facet, value) in new[] { (FacetIndex.Environment, row.Environment), (FacetIndex.Account, row.Account), (FacetIndex.Region, row.Region), (FacetIndex.Provider, row.Provider) })
        {
            if (value is not null)
            {
                facets.Add(facet, value, at);
            }
        }

        foreach (var (key, value) in tags)
        {
            facets.Add(FacetIndex.Tag + key, value, at);
        }
    }

    /// <summary>The row has findings.</summary>
    public void Finding(long node)
    {
        if (byNode.TryGetValue(node, out var row))
        {
            facets.Add(FacetIndex.Findings, "true", row);
        }
    }

    /// <summary>A relation; one of which an end is no row is left out.</summary>
    public void Relate(long from, RelationType type, long to)
    {
        if (byNode.TryGetValue(from, out var one) && byNode.TryGetValue(to, out var other))
        {
            relations.Add(Relation.ImpactRunsForward(type) ? (one, (uint)type, other) : (other, (uint)type, one));
        }
    }

    /// <summary>The sections of the snapshot.</summary>
    public ReadOnlyMemory<byte>[] Build()
    {
        var sections = new ReadOnlyMemory<byte>[Enum.GetValues<SnapshotSection>().Length];
        void Write(SnapshotSection section, byte[] bytes) => sections[(int)section] = bytes;

        var sorted = Sorted(Write, out var runs);
        var ordinals = new int[rows.Count];
        for (var ordinal = 0; ordinal < sorted.Length; ordinal++)
        {
            ordinals[sorted[ordinal]] = ordinal;
        }

        WriteNodes(sorted, Write);
        Write(SnapshotSection.Runs, Bytes<SnapshotRun>(CollectionsMarshal.AsSpan(runs)));
        var ranks = WriteRanks(sorted, runs, Write);
        Write(SnapshotSection.Ids, FrontCoded.Write(sorted.Length, at => pool[rows[sorted[at]].Id]));
        Write(SnapshotSection.Names, FrontCoded.Write(sorted.Length, at => pool[rows[sorted[at]].Name]));
        WriteEdges(relation => (ordinals[relation.Used], (relation.Type << 28) | (uint)ordinals[relation.User]), SnapshotSection.UserStarts, SnapshotSection.Users, Write);
        WriteEdges(relation => (ordinals[relation.User], (relation.Type << 28) | (uint)ordinals[relation.Used]), SnapshotSection.UsedStarts, SnapshotSection.Used, Write);
        facets.Write(Array.ConvertAll(ordinals, ordinal => ranks[ordinal]), Write);
        return sections;
    }

    private int[] Sorted(Action<SnapshotSection, byte[]> write, out List<SnapshotRun> runs)
    {
        var (accountTexts, account) = accounts.Sorted();
        var (regionTexts, region) = regions.Sorted();
        var (typeTexts, type) = types.Sorted();
        var (providerTexts, provider) = providers.Sorted();
        write(SnapshotSection.Accounts, TextList.Write(accountTexts));
        write(SnapshotSection.Regions, TextList.Write(regionTexts));
        write(SnapshotSection.Types, TextList.Write(typeTexts));
        write(SnapshotSection.Providers, TextList.Write(providerTexts));
        SnapshotRun Place(in Row row) => new(account[row.Account], region[row.Region], type[row.Type], provider[row.Provider], 0);

        var all = CollectionsMarshal.AsSpan(rows);
        var groups = new Dictionary<SnapshotRun, List<int>>();
        for (var at = 0; at < all.Length; at++)
        {
            ref var members = ref CollectionsMarshal.GetValueRefOrAddDefault(groups, Place(all[at]), out _);
            (members ??= []).Add(at);
        }

        runs = [];
        var sorted = new int[all.Length];
        var filled = 0;
        foreach (var (place, members) in groups.OrderBy(group => (group.Key.Account, group.Key.Region, group.Key.Type, group.Key.Provider)))
        {
            members.Sort(ByName);
            members.CopyTo(sorted, filled);
            runs.Add(place with { Start = filled });
            filled += members.Count;
        }

        return sorted;
    }

    private int ByName(int one, int other)
    {
        var (row, next) = (rows[one], rows[other]);
        return pool.Compare(row.Name, next.Name) is not 0 and var order ? order : pool.Compare(row.Id, next.Id) is not 0 and var byId ? byId : row.Node.CompareTo(next.Node);
    }

    private void WriteNodes(int[] sorted, Action<SnapshotSection, byte[]> write)
    {
        var nodes = Array.ConvertAll(sorted, at => rows[at].Node);
        var ordinals = Enumerable.Range(0, nodes.Length).ToArray();
        write(SnapshotSection.Nodes, Bytes<long>(nodes));
        Array.Sort(nodes, ordinals);
        write(SnapshotSection.ByNode, Bytes<int>(ordinals));
    }

    private int[] WriteRanks(int[] sorted, List<SnapshotRun> runs, Action<SnapshotSection, byte[]> write)
    {
        var (byRank, ranks, typeRanks, filled) = (new int[sorted.Length], new int[sorted.Length], new List<int>(), 0);
        foreach (var type in runs.Select((run, at) => (run.Type, Start: run.Start, End: at + 1 < runs.Count ? runs[at + 1].Start : sorted.Length)).GroupBy(run => run.Type).OrderBy(type => type.Key))
        {
            while (typeRanks.Count < type.Key)
            {
                typeRanks.Add(filled);
            }

            var members = byRank.AsSpan(filled);
            var count = 0;
            foreach (var (_, start, end) in type)
            {
                for (var ordinal = start; ordinal < end; ordinal++)
                {
                    members[count++] = ordinal;
                }
            }

            members[..count].Sort((one, other) => ByName(sorted[one], sorted[other]));
            filled += count;
        }

        typeRanks.Add(filled);
        for (var rank = 0; rank < byRank.Length; rank++)
        {
            ranks[byRank[rank]] = rank;
        }

        write(SnapshotSection.Ranks, Bytes<int>(ranks));
        write(SnapshotSection.ByRank, Bytes<int>(byRank));
        write(SnapshotSection.TypeRanks, Bytes<int>(CollectionsMarshal.AsSpan(typeRanks)));
        return ranks;
    }

    private void WriteEdges(Func<(int Used, uint Type, int User), (int Row, uint Edge)> edge, SnapshotSection startsOf, SnapshotSection edgesOf, Action<SnapshotSection, byte[]> write)
    {
        var starts = new int[rows.Count + 1];
        foreach (var relation in relations)
        {
            starts[edge(relation).Row + 1]++;
        }

        for (var at = 1; at < starts.Length; at++)
        {
            starts[at] += starts[at - 1];
        }

        var (edges, next) = (new uint[relations.Count], starts.AsSpan(0, rows.Count).ToArray());
        foreach (var relation in relations)
        {
            var (row, other) = edge(relation);
            edges[next[row]++] = other;
        }

        var kept = 0;
        for (var at = 0; at < rows.Count; at++)
        {
            var own = edges.AsSpan(starts[at]..starts[at + 1]);
            own.Sort();
            var distinct = own[..FacetWriter.Distinct(own)];
            distinct.CopyTo(edges.AsSpan(kept));
            (starts[at], kept) = (kept, kept + distinct.Length);
        }

        starts[^1] = kept;
        write(startsOf, Bytes<int>(starts));
        write(edgesOf, Bytes<uint>(edges.AsSpan(0, kept)));
    }

    private static byte[] Bytes<T>(ReadOnlySpan<T> values)
        where T : unmanaged => MemoryMarshal.AsBytes(values).ToArray();

    private readonly record struct Row(long Node, BytePool.Slice Id, BytePool.Slice Name, int Account, int Region, int Type, int Provider);
}
