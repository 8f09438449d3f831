using System.Buffers;
using McpInfra.Graph.Snapshot;

namespace McpInfra.Graph.Queries;

/// <summary>Walks relations breadth first, within a budget; hubs are reached but not followed.</summary>
internal sealed class Trace(Reading reading, TraceQuery query)
{
    private const int MostVisited = 5_000_000;
    private const int MostHubsTold = 20;

    /// <summary>What lies around a resource.</summary>
    public TraceResult Around(ResourceRow start)
    {
        var (view, from) = StartOf(start);
        using var walk = new Walk(view, query.Direction, Edge.Types(query.Relations), MostVisited);
        walk.Run(from, query.Depth);
        using var types = new TypeFilter(view, query.Types);
        var byDistance = Enumerable.Range(1, walk.Levels).Select(distance => types.Count(walk.Level(distance))).ToList();
        var total = byDistance.Sum();
        var steps = Page(walk, types, byDistance);
        var rows = reading.Rows(view, steps.SelectMany(step => new[] { step.Ordinal, step.From }).Concat(walk.Hubs.Take(MostHubsTold)));
        return new TraceResult([.. steps.Select(step => new TraceStep(rows[step.Ordinal], step.Distance, step.Type, step.Forward, rows[step.From]))])
        {
            Total = total,
            ByDistance = byDistance,
            ByType = total > steps.Count ? types.Counts(walk) : [],
            Cut = walk.IsCut,
            Hubs = [.. walk.Hubs.Take(MostHubsTold).Select(hub => new HubReached(rows[hub], Degrees(walk, hub)))],
        };
    }

    /// <summary>
    /// A shortest path, one of dependence all along where there is such; null when there is none, empty when there is none within the budget.
    /// </summary>
    public TraceResult? Path(ResourceRow start, ResourceRow end)
    {
        var (view, from) = StartOf(start);
        var to = view.OrdinalOf(end.Node);
        using var walk = new Walk(view, query.Direction, Edge.Types(query.Relations), MostVisited);
        if (to < 0 || !walk.Run(from, query.Depth, until: to))
        {
            return walk.IsCut || walk.Hubs.Count > 0 ? new TraceResult([]) { Cut = walk.IsCut, Hubs = [.. reading.Rows(view, walk.Hubs.Take(MostHubsTold)).Select(hub => new HubReached(hub.Value, Degrees(walk, hub.Key)))] } : null;
        }

        using var straight = query.Direction is TraceDirection.Both ? Straight(view, from, to, walk.Levels) : null;
        var steps = new List<Step>();
        for (var (at, distance) = (to, walk.Levels); distance > 0; distance--)
        {
            var (type, forward, before) = (straight ?? walk).Step(at, distance);
            steps.Insert(0, new Step(at, distance, type, forward, before));
            at = before;
        }

        var rows = reading.Rows(view, steps.Select(step => step.Ordinal).Append(from));
        return new TraceResult([.. steps.Select(step => new TraceStep(rows[step.Ordinal], step.Distance, step.Type, step.Forward, rows[step.From]))]);
    }

    /// <summary>The way from one that depends on the other, of no more relations; null where neither does.</summary>
    private Walk? Straight(GraphView view, int from, int to, int levels)
    {
        foreach (var direction in new[] { TraceDirection.DependsOn, TraceDirection.Impact })
        {
            var walk = new Walk(view, direction, Edge.Types(query.Relations), MostVisited);
            if (walk.Run(from, levels, until: to))
            {
                return walk;
            }

            walk.Dispose();
        }

        return null;
    }

    /// <summary>The start's ordinal; what is gone is taken for live, for it can still be asked what rested on it.</summary>
    private (GraphView View, int Ordinal) StartOf(ResourceRow start)
    {
        var view = reading.View;
        if (view.OrdinalOf(start.Node) is >= 0 and var ordinal)
        {
            return (view, ordinal);
        }

        view = view with { Overlay = OverlayReader.With(view, start, reading.Record is { } record ? new RecordReader(record.Connection, record.Organization) : null) };
        return (view, view.OrdinalOf(start.Node));
    }

    private List<Step> Page(Walk walk, TypeFilter types, List<long> byDistance)
    {
        var (steps, skip) = (new List<Step>(), query.Offset);
        for (var distance = 1; distance <= walk.Levels && steps.Count < query.Limit; distance++)
        {
            var there = byDistance[distance - 1];
            if (skip >= there)
            {
                skip -= there;
                continue;
            }

            Add(steps, walk, distance, types.Ordered(walk.Level(distance), (int)skip, query.Limit - steps.Count));
            skip = 0;
        }

        return steps;
    }

    private static void Add(List<Step> steps, Walk walk, int distance, IReadOnlyList<int> ordinals)
    {
        var words = Bits.Words(walk.View.Capacity);
        var before = ArrayPool<ulong>.Shared.Rent(words);
        Array.Clear(before, 0, words);
        walk.SetFollowed(distance - 1, before);
        foreach (var ordinal in ordinals)
        {
            var (type, forward, from) = walk.Step(ordinal, before);
            steps.Add(new Step(ordinal, distance, type, forward, from));
        }

        ArrayPool<ulong>.Shared.Return(before);
    }

    private static List<RelationCount> Degrees(Walk walk, int hub) =>
        [.. walk.Edges(hub).GroupBy(Edge.Type).Select(group => new RelationCount(group.Key, group.LongCount())).OrderByDescending(count => count.Count).ThenBy(count => count.Type)];

    private readonly record struct Step(int Ordinal, int Distance, RelationType Type, bool Forward, int From);
}
