namespace McpInfra.Graph.Snapshot;

/// <summary>Reads a snapshot by ordinal.</summary>
internal sealed class SnapshotReader(SnapshotFile file)
{
    private FacetIndex? facets;
    private SnapshotTexts? accounts, regions, types, providers;

    public SnapshotFile File => file;

    public SnapshotHead Head => file.Head;

    /// <summary>How many resources there are.</summary>
    public int Count => (int)file.Head.Count;

    public FacetIndex Facets => facets ??= new FacetIndex(file);

    public Postings Postings => new(file);

    public ReadOnlySpan<SnapshotRun> Runs => file.Section<SnapshotRun>(SnapshotSection.Runs);

    public ReadOnlySpan<int> Ranks => file.Section<int>(SnapshotSection.Ranks);

    public ReadOnlySpan<int> ByRank => file.Section<int>(SnapshotSection.ByRank);

    /// <summary>Where each type, counted from 0, begins in the order of answers, and the end.</summary>
    public ReadOnlySpan<int> TypeRanks => file.Section<int>(SnapshotSection.TypeRanks);

    public Adjacency Users => new(file.Section<int>(SnapshotSection.UserStarts), file.Section<uint>(SnapshotSection.Users));

    public Adjacency Used => new(file.Section<int>(SnapshotSection.UsedStarts), file.Section<uint>(SnapshotSection.Used));

    public SnapshotTexts Accounts => accounts ??= new(file.Section<byte>(SnapshotSection.Accounts));

    public SnapshotTexts Regions => regions ??= new(file.Section<byte>(SnapshotSection.Regions));

    public SnapshotTexts Types => types ??= new(file.Section<byte>(SnapshotSection.Types));

    public SnapshotTexts Providers => providers ??= new(file.Section<byte>(SnapshotSection.Providers));

    public long Node(int ordinal) => file.Section<long>(SnapshotSection.Nodes)[ordinal];

    public string Id(int ordinal) => FrontCoded.Read(file.Section<byte>(SnapshotSection.Ids), ordinal);

    public string Name(int ordinal) => FrontCoded.Read(file.Section<byte>(SnapshotSection.Names), ordinal);

    public string Type(int ordinal) => Types[RunOf(ordinal).Type]!;

    /// <summary>Where a run ends.</summary>
    public int EndOf(int run) => run + 1 < Runs.Length ? Runs[run + 1].Start : Count;

    /// <summary>The ordinal of a node, or -1.</summary>
    public int OrdinalOf(long node)
    {
        var nodes = file.Section<long>(SnapshotSection.Nodes);
        var byNode = file.Section<int>(SnapshotSection.ByNode);
        var (from, to) = (0, byNode.Length);
        while (from < to)
        {
            var middle = (from + to) >>> 1;
            (from, to) = nodes[byNode[middle]] < node ? (middle + 1, to) : (from, middle);
        }

        return from < byNode.Length && nodes[byNode[from]] == node ? byNode[from] : -1;
    }

    public SnapshotRun RunOf(int ordinal)
    {
        var runs = Runs;
        var (from, to) = (0, runs.Length);
        while (to - from > 1)
        {
            var middle = (from + to) >>> 1;
            (from, to) = runs[middle].Start <= ordinal ? (middle, to) : (from, middle);
        }

        return runs[from];
    }

    /// <summary>How many resources come before one of that type, name and id in the order of answers.</summary>
    public int RankOf(string type, string name, string id)
    {
        var byRank = ByRank;
        var (from, to) = (0, byRank.Length);
        while (from < to)
        {
            var middle = (from + to) >>> 1;
            (from, to) = Compare(byRank[middle], type, name, id) < 0 ? (middle + 1, to) : (from, middle);
        }

        return from;
    }

    /// <summary>The order of answers.</summary>
    public static int Compare((string Type, string Name, string Id) one, (string Type, string Name, string Id) other) =>
        string.CompareOrdinal(one.Type.ToLowerInvariant(), other.Type.ToLowerInvariant()) is not 0 and var byType ? byType
        : CompareBytes(one.Name, other.Name) is not 0 and var byName ? byName
        : CompareBytes(one.Id, other.Id);

    private int Compare(int ordinal, string type, string name, string id) => Compare((Type(ordinal), Name(ordinal), Id(ordinal)), (type, name, id));

    /// <summary>As their UTF-8 compares, as databases do.</summary>
    private static int CompareBytes(string one, string other) =>
        System.Text.Encoding.UTF8.GetBytes(one).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(other));
}
