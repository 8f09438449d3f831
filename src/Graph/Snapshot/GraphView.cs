namespace McpInfra.Graph.Snapshot;

/// <summary>An organisation's graph at one version of its record: a snapshot and what changed since. Immutable; safe for concurrent use.</summary>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="Overlay">What changed since it was taken; null for nothing.</param>
/// <param name="Version">The record's version.</param>
/// <param name="Mark">The mark of that version.</param>
internal sealed record GraphView(SnapshotReader Snapshot, Overlay? Overlay, long Version, long Mark)
{
    /// <summary>One more than the highest ordinal.</summary>
    public int Capacity => Snapshot.Count + (Overlay?.Added.Count ?? 0);

    /// <summary>The ordinal of a live node, or -1.</summary>
    public int OrdinalOf(long node)
    {
        var ordinal = Snapshot.OrdinalOf(node);
        if (ordinal < 0)
        {
            return Overlay?.Added.GetValueOrDefault(node, -1) ?? -1;
        }

        return Overlay?.IsGone(ordinal) is true ? -1 : ordinal;
    }

    /// <summary>The record's number of a resource.</summary>
    public long Node(int ordinal) => Overlay is not null && Overlay.Rows.TryGetValue(ordinal, out var row) ? row.Row.Node : Snapshot.Node(ordinal);

    /// <summary>The type of a resource.</summary>
    public string TypeOf(int ordinal) => Overlay is not null && Overlay.Rows.TryGetValue(ordinal, out var row) ? row.Row.Type : Snapshot.Type(ordinal);

    /// <summary>The edges of a resource to its users, or to what it uses, with what changed since the snapshot.</summary>
    public ReadOnlySpan<uint> Edges(int ordinal, bool users)
    {
        var plain = ordinal < Snapshot.Count ? (users ? Snapshot.Users : Snapshot.Used).Of(ordinal, ordinal + 1) : [];
        return Overlay is { } overlay ? overlay.Edges(ordinal, users, plain) : plain;
    }

    /// <summary>All relations of a resource, with whether each runs from it.</summary>
    public IEnumerable<(RelationType Type, bool Forward, int Other)> Relations(int ordinal)
    {
        var (users, used) = (Edges(ordinal, users: true).ToArray(), Edges(ordinal, users: false).ToArray());
        return users.Select(edge => (Edge.Type(edge), Relation.ImpactRunsForward(Edge.Type(edge)), Edge.Other(edge)))
            .Concat(used.Select(edge => (Edge.Type(edge), !Relation.ImpactRunsForward(Edge.Type(edge)), Edge.Other(edge))));
    }

    /// <summary>The place of a resource in the order of answers.</summary>
    public long Key(int ordinal) => Overlay?.Rows.ContainsKey(ordinal) is true ? Overlay.Key(ordinal) : KeyOfRank(Snapshot.Ranks[ordinal]);

    /// <summary>The place of what the snapshot has at a rank; rows of the overlay lie between.</summary>
    public static long KeyOfRank(int rank) => (rank + 1L) << 32;
}
