using System.Buffers;
using McpInfra.Graph.Queries;

namespace McpInfra.Graph.Snapshot;

/// <summary>
/// Walks relations breadth first from one resource. Hubs, which have over 1,000 relations in the direction of the walk, are reached but not followed, unless the walk starts there.
/// Holds pooled memory until it is disposed.
/// </summary>
internal sealed class Walk : IDisposable
{
    public const int HubRelations = 1000;

    /// <summary>As many resources are looked at once for a hub among them.</summary>
    private const int TogetherAtMost = 64;

    private readonly GraphView view;
    private readonly TraceDirection direction;
    private readonly uint types;
    private readonly int mostVisited;
    private readonly List<int> levelEnds = [];
    private readonly List<int> hubs = [];
    private readonly Visited visited;
    private bool isDone;

    /// <param name="view">The graph.</param>
    /// <param name="direction">Which way to walk.</param>
    /// <param name="types">Bits of the relations to follow, by <see cref="RelationType"/>.</param>
    /// <param name="mostVisited">Where to stop.</param>
    public Walk(GraphView view, TraceDirection direction, uint types, int mostVisited)
    {
        (this.view, this.direction, this.types, this.mostVisited) = (view, direction, types, mostVisited);
        visited = new Visited(view.Capacity);
    }

    /// <summary>The graph that is walked.</summary>
    public GraphView View => view;

    /// <summary>Resources that were reached but not followed.</summary>
    public IReadOnlyList<int> Hubs => hubs;

    /// <summary>Whether it stopped before its end.</summary>
    public bool IsCut { get; private set; }

    /// <summary>How many resources were reached, the start left out.</summary>
    public int Reached => visited.Count - 1;

    /// <summary>How far it came.</summary>
    public int Levels => levelEnds.Count - 1;

    /// <summary>The resources at a distance from the start.</summary>
    public ReadOnlySpan<Stretch> Level(int distance) => visited.Stretches[(distance == 0 ? 0 : levelEnds[distance - 1])..levelEnds[distance]];

    /// <summary>Everything reached and the start, as bits.</summary>
    public ReadOnlySpan<ulong> Visited => visited.Bits;

    /// <summary>Walks so many relations far, or until a resource is reached; answers whether it was.</summary>
    public bool Run(int start, int depth, int until = -1)
    {
        var isReached = Go(start, depth, until);
        isDone = true;
        return isReached;
    }

    private bool Go(int start, int depth, int until)
    {
        visited.Add(start, start + 1);
        levelEnds.Add(1);
        var from = 0;
        for (var distance = 1; distance <= depth && from < levelEnds[^1] && !IsCut; distance++)
        {
            var to = levelEnds[^1];
            visited.Close();
            Expand(from, to);
            from = to;
            if (visited.Stretches.Length > to)
            {
                levelEnds.Add(visited.Stretches.Length);
            }

            if (until >= 0 && visited.Has(until))
            {
                return true;
            }
        }

        return until < 0;
    }

    /// <summary>Sets those at a distance whose relations were followed.</summary>
    public void SetFollowed(int distance, Span<ulong> bits)
    {
        foreach (var (start, end) in Level(distance))
        {
            Bits.Fill(bits, start, end);
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
            Look(view.Edges(ordinal, users: false), before, backwards: true, ref best); // Reached as a user: what it uses lies before it.
        }

        if (direction is not TraceDirection.Impact)
        {
            Look(view.Edges(ordinal, users: true), before, backwards: false, ref best);
        }

        return (Edge.Type(best.Edge), best.Forward, Edge.Other(best.Edge));
    }

    /// <summary>All edges of a resource in the direction of the walk.</summary>
    public IReadOnlyList<uint> Edges(int ordinal)
    {
        var all = new List<uint>();
        all.AddRange(direction is TraceDirection.DependsOn ? [] : view.Edges(ordinal, users: true));
        all.AddRange(direction is TraceDirection.Impact ? [] : view.Edges(ordinal, users: false));
        return all;
    }

    public void Dispose()
    {
        if (isDone) // Else the stretches do not tell all bits that are set.
        {
            visited.Dispose();
        }
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
        var users = direction is TraceDirection.DependsOn ? default : view.Snapshot.Users;
        var used = direction is TraceDirection.Impact ? default : view.Snapshot.Used;
        var barred = view.Overlay is { } overlay ? overlay.Barred : [];
        for (var at = from; at < to && !IsCut; at++)
        {
            for (var (start, end) = visited.Stretches[at]; start < end && !IsCut;)
            {
                var apart = FirstApart(users, used, start, end);
                if (start < apart)
                {
                    Push(users.Of(start, apart), isOneList: false, barred);
                    Push(used.Of(start, apart), isOneList: false, barred);
                }

                if (apart < end && !IsCut)
                {
                    ExpandOne(users, used, apart, isStart: at == 0);
                }

                start = apart + 1;
            }
        }
    }

    /// <summary>The first whose edges are too many to be taken with its neighbours', or are not those of the snapshot.</summary>
    private int FirstApart(Adjacency users, Adjacency used, int start, int end)
    {
        end = view.Overlay is { } overlay ? Bits.FirstSet(overlay.Apart, start, end) : end;
        for (var at = start; at < end;)
        {
            var next = Math.Min(at + TogetherAtMost, end);
            for (; users.Count(at, next) + used.Count(at, next) > HubRelations; next = at + ((next - at) / 2))
            {
                if (next == at + 1)
                {
                    return at;
                }
            }

            at = next;
        }

        return end;
    }

    private void ExpandOne(Adjacency users, Adjacency used, int ordinal, bool isStart)
    {
        var overlay = view.Overlay;
        var isOwn = overlay?.IsRelated(ordinal) is true || ordinal >= view.Snapshot.Count;
        var one = isOwn ? [] : users.Of(ordinal, ordinal + 1);
        var other = isOwn ? [] : used.Of(ordinal, ordinal + 1);
        var more = overlay is null || direction is TraceDirection.DependsOn ? [] : overlay.Users(ordinal);
        var others = overlay is null || direction is TraceDirection.Impact ? [] : overlay.Used(ordinal);
        if (!isStart && IsHub(ordinal, one.Length + other.Length + more.Length + others.Length))
        {
            hubs.Add(ordinal);
            return;
        }

        var barred = overlay is null ? [] : overlay.Barred;
        var gone = overlay is null ? [] : overlay.Gone;
        Push(one, isOneList: true, barred);
        Push(other, isOneList: true, barred);
        Push(more, isOneList: true, gone);
        Push(others, isOneList: true, gone);
    }

    /// <summary>Of so many edges, those do not count whose other end is barred.</summary>
    private bool IsHub(int ordinal, int edges) =>
        edges > HubRelations && (view.Overlay is not { } overlay || edges - (Edge.MostBetweenTwo * overlay.BarredCount) > HubRelations || Edges(ordinal).Count > HubRelations);

    private void Push(ReadOnlySpan<uint> edges, bool isOneList, ReadOnlySpan<ulong> barred)
    {
        visited.Add(edges, isOneList, types, barred);
        if (visited.Count - 1 > mostVisited)
        {
            visited.Cut(mostVisited + 1);
            IsCut = true;
        }
    }
}
