using System.Runtime.InteropServices;

namespace McpInfra.Graph.Snapshot;

/// <summary>
/// What changed since a snapshot was taken. Resources that it does not hold have ordinals after its last.
/// A resource whose relations changed has all of them here; its neighbours have theirs to it in addition to what the snapshot says of others.
/// </summary>
internal sealed class Overlay
{
    private readonly ulong[] hidden;
    private readonly ulong[] hiddenRanks;
    private readonly ulong[] related;
    private readonly ulong[] gone;
    private readonly ulong[] barred;
    private readonly ulong[] apart;
    private readonly Dictionary<int, uint[]> users = [];
    private readonly Dictionary<int, uint[]> used = [];
    private readonly Dictionary<int, long> keys = [];

    private Overlay(int capacity, int ranks)
    {
        var words = Bits.Words(capacity);
        (hidden, hiddenRanks, related) = (new ulong[words], new ulong[Bits.Words(ranks)], new ulong[words]);
        (gone, barred, apart) = (new ulong[words], new ulong[words], new ulong[words]);
    }

    /// <summary>Rows that changed or came, by ordinal.</summary>
    public Dictionary<int, OverlayRow> Rows { get; } = [];

    /// <summary>Rows in the order of answers.</summary>
    public IReadOnlyList<int> Ordered { get; private set; } = [];

    /// <summary>Ordinals of the snapshot whose row is not as it says: changed or gone.</summary>
    public ReadOnlySpan<ulong> Hidden => hidden;

    /// <summary>Their places in the snapshot's order of answers.</summary>
    public ReadOnlySpan<ulong> HiddenRanks => hiddenRanks;

    /// <summary>Nodes whose rows are here, gone ones too.</summary>
    public required IReadOnlySet<long> Nodes { get; init; }

    /// <summary>Nodes whose relations are here.</summary>
    public required IReadOnlySet<long> Related { get; init; }

    /// <summary>Ordinals of nodes that the snapshot does not hold.</summary>
    public required IReadOnlyDictionary<long, int> Added { get; init; }

    /// <summary>Relations of which an end is in <see cref="Related"/>, as the record has them.</summary>
    public required IReadOnlySet<(long From, RelationType Type, long To)> Relations { get; init; }

    /// <summary>How many edges are here.</summary>
    public int EdgeCount { get; private set; }

    /// <summary>Gone since the snapshot was taken.</summary>
    public ReadOnlySpan<ulong> Gone => gone;

    /// <summary>Ordinals to which no edge of the snapshot counts: gone, or related.</summary>
    public ReadOnlySpan<ulong> Barred => barred;

    /// <summary>How many they are.</summary>
    public int BarredCount { get; private set; }

    /// <summary>Ordinals whose edges are not those of the snapshot alone.</summary>
    public ReadOnlySpan<ulong> Apart => apart;

    /// <inheritdoc cref="Gone"/>
    public bool IsGone(int ordinal) => Bits.Has(gone, ordinal);

    /// <summary>Whether the snapshot's edges of the resource no longer count.</summary>
    public bool IsRelated(int ordinal) => Bits.Has(related, ordinal);

    /// <summary>Edges in addition to those of the snapshot that count.</summary>
    public ReadOnlySpan<uint> Users(int ordinal) => users.GetValueOrDefault(ordinal);

    /// <inheritdoc cref="Users"/>
    public ReadOnlySpan<uint> Used(int ordinal) => used.GetValueOrDefault(ordinal);

    /// <summary>Edges that count, sorted: of the snapshot's, those that still do, and those that are here.</summary>
    public ReadOnlySpan<uint> Edges(int ordinal, bool ofUsers, ReadOnlySpan<uint> plain)
    {
        var edges = new List<uint>();
        foreach (var edge in IsRelated(ordinal) ? [] : plain)
        {
            if (!Bits.Has(barred, Edge.Other(edge)))
            {
                edges.Add(edge);
            }
        }

        foreach (var edge in ofUsers ? Users(ordinal) : Used(ordinal))
        {
            if (!IsGone(Edge.Other(edge)))
            {
                edges.Add(edge);
            }
        }

        edges.Sort();
        return CollectionsMarshal.AsSpan(edges);
    }

    /// <summary>The place of a row of this overlay in the order of answers.</summary>
    public long Key(int ordinal) => keys[ordinal];

    /// <summary>An overlay of rows that the record has for the nodes, and of all relations that it has of those whose relations changed.</summary>
    public static Overlay Of(SnapshotReader snapshot, IReadOnlySet<long> nodes, IReadOnlySet<long> related, IReadOnlyDictionary<long, OverlayRow> rows, IReadOnlySet<(long From, RelationType Type, long To)> relations)
    {
        var added = new Dictionary<long, int>();
        var places = new Dictionary<long, int>();
        int Place(long node)
        {
            if (!places.TryGetValue(node, out var place))
            {
                places.Add(node, place = snapshot.OrdinalOf(node));
            }

            return place >= 0 ? place : added.GetValueOrDefault(node, -1);
        }

        foreach (var node in rows.Keys.Where(node => Place(node) < 0).Order())
        {
            added.Add(node, snapshot.Count + added.Count);
        }

        var overlay = new Overlay(snapshot.Count + added.Count, snapshot.Count) { Nodes = nodes, Related = related, Added = added, Relations = relations };
        foreach (var node in nodes)
        {
            var place = Place(node);
            if (place >= 0)
            {
                Bits.Set(overlay.hidden, place);
                if (place < snapshot.Count)
                {
                    Bits.Set(overlay.hiddenRanks, snapshot.Ranks[place]);
                }
            }

            if (rows.TryGetValue(node, out var row))
            {
                overlay.Rows.Add(place, row);
            }
            else if (place >= 0)
            {
                Bits.Set(overlay.gone, place);
            }
        }

        overlay.Order(snapshot);
        foreach (var place in related.Select(Place).Where(place => place >= 0))
        {
            Bits.Set(overlay.related, place);
        }

        overlay.Relate(relations.Select(relation => (From: Place(relation.From), relation.Type, To: Place(relation.To))).Where(relation => relation is { From: >= 0, To: >= 0 }));
        overlay.Part(snapshot.Count);
        return overlay;
    }

    private void Part(int known)
    {
        Bits.Or(barred, related);
        Bits.Or(barred, gone);
        BarredCount = Bits.Count(barred);
        Bits.Or(apart, related);
        foreach (var ordinal in users.Keys.Concat(used.Keys).Concat(Enumerable.Range(known, Added.Count)))
        {
            Bits.Set(apart, ordinal);
        }
    }

    private void Order(SnapshotReader snapshot)
    {
        Ordered = [.. Rows.Keys.Order(Comparer<int>.Create((one, other) => SnapshotReader.Compare(Rows[one].Order, Rows[other].Order) is not 0 and var order ? order : Rows[one].Row.Node.CompareTo(Rows[other].Row.Node)))];
        for (var at = 0; at < Ordered.Count; at++)
        {
            keys.Add(Ordered[at], ((long)RankOf(snapshot, Ordered[at]) << 32) | (uint)(at + 1));
        }
    }

    // Most of what changes keeps its name, and so its place.
    private int RankOf(SnapshotReader snapshot, int ordinal)
    {
        var (type, name, id) = Rows[ordinal].Order;
        return ordinal < snapshot.Count && snapshot.Name(ordinal) == name && snapshot.Id(ordinal) == id && snapshot.Type(ordinal) == type ? snapshot.Ranks[ordinal] : snapshot.RankOf(type, name, id);
    }

    private void Relate(IEnumerable<(int From, RelationType Type, int To)> relations)
    {
        var (usersOf, usedOf) = (new Dictionary<int, List<uint>>(), new Dictionary<int, List<uint>>());
        foreach (var (from, type, to) in relations.Distinct())
        {
            var (one, other) = Relation.ImpactRunsForward(type) ? (from, to) : (to, from);
            Add(usersOf, one, Edge.Of(type, other));
            Add(usedOf, other, Edge.Of(type, one));
            EdgeCount++;
        }

        Keep(usersOf, users);
        Keep(usedOf, used);
    }

    private static void Add(Dictionary<int, List<uint>> lists, int ordinal, uint edge)
    {
        if (!lists.TryGetValue(ordinal, out var list))
        {
            lists.Add(ordinal, list = []);
        }

        list.Add(edge);
    }

    private static void Keep(Dictionary<int, List<uint>> lists, Dictionary<int, uint[]> kept)
    {
        foreach (var (ordinal, list) in lists)
        {
            list.Sort();
            kept.Add(ordinal, [.. list]);
        }
    }
}
