using System.Buffers;
using System.Runtime.CompilerServices;
using McpInfra.Graph.Queries;

namespace McpInfra.Graph.Snapshot;

/// <summary>
/// Walks relations breadth first from one resource. Hubs, which have over 1,000 relations in the direction of the walk, are reached but not followed, unless the walk starts there.
/// Holds pooled memory until it is disposed.
/// </summary>
internal sealed class Walk : IDisposable
{
    public const int HubRelations = 1000;

    private readonly GraphView view;
    private readonly TraceDirection direction;
    private readonly uint types;
    private readonly int mostVisited;
    private readonly List<int> levelEnds = [];
    private readonly List<int> hubs = [];
    private readonly List<uint> merged = [];
    private ulong[] visited;
    private int[] queue = ArrayPool<int>.Shared.Rent(256);
    private int count;
    private bool isDone;

    /// <param name="view">The graph.</param>
    /// <param name="direction">Which way to walk.</param>
    /// <param name="types">Bits of the relations to follow, by <see cref="RelationType"/>.</param>
    /// <param name="mostVisited">Where to stop.</param>
    public Walk(GraphView view, TraceDirection direction, uint types, int mostVisited)
    {
        (this.view, this.direction, this.types, this.mostVisited) = (view, direction, types, mostVisited);
        visited = CleanBits.Rent(Bits.Words(view.Capacity));
    }

    /// <summary>Resources that were reached but not followed.</summary>
    public IReadOnlyList<int> Hubs => hubs;

    /// <summary>Whether it stopped before its end.</summary>
    public bool IsCut { get; private set; }

    /// <summary>How many resources were reached, the start left out.</summary>
    public int Reached => count - 1;

    /// <summary>How far it came.</summary>
    public int Levels => levelEnds.Count - 1;

    /// <summary>The resources at a distance from the start.</summary>
    public ReadOnlySpan<int> Level(int distance) => queue.AsSpan((distance == 0 ? 0 : levelEnds[distance - 1])..levelEnds[distance]);

    /// <summary>Everything reached, the start left out, as bits.</summary>
    public ReadOnlySpan<ulong> Visited => visited.AsSpan(0, Bits.Words(view.Capacity));

    /// <summary>Walks so many relations far, or until a resource is reached; answers whether it was.</summary>
    public bool Run(int start, int depth, int until = -1)
    {
        var isReached = Go(start, depth, until);
        isDone = true;
        return isReached;
    }

    private bool Go(int start, int depth, int until)
    {
        (queue[0], count) = (start, 1);
        Bits.Set(visited, start);
        levelEnds.Add(1);
        var from = 0;
        for (var distance = 1; distance <= depth && from < levelEnds[^1] && !IsCut; distance++)
        {
            var to = levelEnds[^1];
            Expand(from, to);
            from = to;
            if (count > to)
            {
                levelEnds.Add(count);
            }

            if (until >= 0 && Bits.Has(visited, until))
            {
                return true;
            }
        }

        return until < 0;
    }

    /// <summary>The graph that is walked.</summary>
    public GraphView View => view;

    /// <summary>Sets those at a distance whose relations were followed.</summary>
    public void SetFollowed(int distance, Span<ulong> bits)
    {
        foreach (var ordinal in Level(distance))
        {
            Bits.Set(bits, ordinal);
        }

        foreach (var hub in hubs)
        {
            Bits.Unset(bits, hub);
        }
    }

    /// <summary>The relation by which a resource at a distance was reached, and the resource before: of the first type, the first by ordinal.</summary>
    public (RelationType Type, bool Forward, int From) Step(int ordinal, int distance)
    {
        var words = Bits.Words(view.Capacity);
        var before = ArrayPool<ulong>.Shared.Rent(words);
        Array.Clear(before, 0, words);
        SetFollowed(distance - 1, before);
        var step = Step(ordinal, before);
        ArrayPool<ulong>.Shared.Return(before);
        return step;
    }

    /// <inheritdoc cref="Step(int, int)"/>
    /// <param name="ordinal">The resource.</param>
    /// <param name="before">Those that <see cref="SetFollowed"/> set for the distance before.</param>
    public (RelationType Type, bool Forward, int From) Step(int ordinal, ReadOnlySpan<ulong> before)
    {
        var best = (Edge: uint.MaxValue, Forward: false);
        if (direction is not TraceDirection.DependsOn)
        {
            Look(Edges(ordinal, users: false, []), before, backwards: true, ref best); // Reached as a user: what it uses lies before it.
        }

        if (direction is not TraceDirection.Impact)
        {
            Look(Edges(ordinal, users: true, []), before, backwards: false, ref best);
        }

        return (Edge.Type(best.Edge), best.Forward, Edge.Other(best.Edge));
    }

    /// <summary>All edges of a resource in the direction of the walk.</summary>
    public IReadOnlyList<uint> Edges(int ordinal)
    {
        var all = new List<uint>();
        all.AddRange(direction is TraceDirection.DependsOn ? [] : Edges(ordinal, users: true, []));
        all.AddRange(direction is TraceDirection.Impact ? [] : Edges(ordinal, users: false, []));
        return all;
    }

    /// <summary>All relations of a resource, with whether each runs from it.</summary>
    public IEnumerable<(RelationType Type, bool Forward, int Other)> Directed(int ordinal)
    {
        var (users, used) = (Edges(ordinal, users: true, []).ToArray(), Edges(ordinal, users: false, []).ToArray());
        return users.Select(edge => (Edge.Type(edge), Relation.ImpactRunsForward(Edge.Type(edge)), Edge.Other(edge)))
            .Concat(used.Select(edge => (Edge.Type(edge), !Relation.ImpactRunsForward(Edge.Type(edge)), Edge.Other(edge))));
    }

    public void Dispose()
    {
        if (isDone) // Else the queue does not tell all bits that are set.
        {
            CleanBits.Return(visited, queue.AsSpan(0, count));
            ArrayPool<int>.Shared.Return(queue);
        }

        (visited, queue, count, isDone) = ([], [], 0, false);
    }

    private void Look(ReadOnlySpan<uint> edges, ReadOnlySpan<ulong> before, bool backwards, ref (uint Edge, bool Forward) best)
    {
        foreach (var edge in edges)
        {
            if (Bits.Has(before, Edge.Other(edge)) && Edge.IsOf(edge, types))
            {
                if (edge < best.Edge)
                {
                    best = (edge, Relation.ImpactRunsForward(Edge.Type(edge)) == backwards);
                }

                return;
            }
        }
    }

    private void Expand(int from, int to)
    {
        var (users, used) = (direction is not TraceDirection.DependsOn, direction is not TraceDirection.Impact);
        if (view.Overlay is null && users != used)
        {
            ExpandPlain(users ? view.Snapshot.Users : view.Snapshot.Used, from, to);
            return;
        }

        for (var at = from; at < to && !IsCut; at++)
        {
            var ordinal = queue[at];
            merged.Clear();
            var one = users ? Edges(ordinal, users: true, merged) : [];
            var other = used ? Edges(ordinal, users: false, new List<uint>()) : [];
            if (at > 0 && one.Length + other.Length > HubRelations)
            {
                hubs.Add(ordinal);
                continue;
            }

            Push(one);
            Push(other);
        }
    }

    /// <summary>Lists of neighbours, which what is reached together mostly are, lie side by side and are taken as one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ExpandPlain(Adjacency adjacency, int from, int to)
    {
        for (var at = from; at < to && !IsCut;)
        {
            var first = queue[at];
            var end = first;
            for (; at < to && queue[at] == end; at++, end++)
            {
                if (at > 0 && adjacency.Count(end) > HubRelations)
                {
                    break;
                }
            }

            Push(adjacency.Of(first, end));
            if (at < to && queue[at] == end)
            {
                hubs.Add(queue[at++]);
            }
        }
    }

    private void Push(ReadOnlySpan<uint> edges)
    {
        if (edges.IsEmpty)
        {
            return; // Most resources are used by none.
        }

        if (queue.Length - count < edges.Length)
        {
            Grow(edges.Length);
        }

        count = types == Edge.AnyType ? Push<AnyType>(edges) : Push<SomeTypes>(edges);
        if (count - 1 > mostVisited)
        {
            foreach (var left in queue.AsSpan((mostVisited + 1)..count))
            {
                Bits.Unset(visited, left);
            }

            (count, IsCut) = (mostVisited + 1, true);
        }
    }

    /// <summary>Answers how many are in the queue then.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Push<T>(ReadOnlySpan<uint> edges)
        where T : IWanted
    {
        var bits = visited.AsSpan();
        var next = queue.AsSpan();
        var (wanted, end) = (types, count);
        foreach (var edge in edges)
        {
            var other = Edge.Other(edge);
            ref var word = ref bits[other >> 6];
            var bit = 1UL << (other & 63);
            if ((word & bit) == 0 && T.Is(edge, wanted))
            {
                word |= bit;
                next[end++] = other;
            }
        }

        return end;
    }

    private interface IWanted
    {
        static abstract bool Is(uint edge, uint types);
    }

    private readonly struct AnyType : IWanted
    {
        public static bool Is(uint edge, uint types) => true;
    }

    private readonly struct SomeTypes : IWanted
    {
        public static bool Is(uint edge, uint types) => Edge.IsOf(edge, types);
    }

    /// <summary>The edges that count, with what changed since the snapshot.</summary>
    private ReadOnlySpan<uint> Edges(int ordinal, bool users, List<uint> into)
    {
        var known = ordinal < view.Snapshot.Count;
        var plain = known ? (users ? view.Snapshot.Users : view.Snapshot.Used).Of(ordinal) : [];
        if (view.Overlay is not { } overlay)
        {
            return plain;
        }

        var own = overlay.IsRelated(ordinal);
        foreach (var edge in own ? [] : plain)
        {
            var other = Edge.Other(edge);
            if (!overlay.IsRelated(other) && !overlay.IsGone(other))
            {
                into.Add(edge);
            }
        }

        foreach (var edge in users ? overlay.Users(ordinal) : overlay.Used(ordinal))
        {
            if (!overlay.IsGone(Edge.Other(edge)))
            {
                into.Add(edge);
            }
        }

        into.Sort();
        return System.Runtime.InteropServices.CollectionsMarshal.AsSpan(into);
    }

    private void Grow(int more)
    {
        var larger = ArrayPool<int>.Shared.Rent(Math.Max(queue.Length * 2, count + more));
        queue.AsSpan(0, count).CopyTo(larger);
        ArrayPool<int>.Shared.Return(queue);
        queue = larger;
    }
}
