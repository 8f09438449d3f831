using CsCheck;
using McpInfra.Graph.Queries;
using McpInfra.Graph.Snapshot;
using Xunit;

namespace McpInfra.Graph.Tests.Snapshots;

public sealed class A_walk
{
    private static readonly Gen<World> Worlds =
        from count in Gen.Int[70, 4000]
        from hubs in Gen.Int[0, 3]
        from stretches in Gen.Select(Gen.Int[0, count - 1], Gen.Int[0, count - 1], Gen.Int[1, 3000], Gen.Int[0, 3]).Array[hubs]
        from single in Gen.Select(Gen.Int[0, count - 1], Gen.Int[0, count - 1], Gen.Int[0, 11]).Array[0, 2 * count]
        from changed in Gen.Int[0, count + 20].Array[0, 6]
        from more in Gen.Select(Gen.Int[0, count + 20], Gen.Int[0, count - 1], Gen.Int[0, 11]).Array[0, 20]
        select World.Of(count, stretches, single, changed, more);

    private static readonly Gen<(World World, TraceDirection Direction, int Start, uint Types, int Most)> Questions =
        from world in Worlds
        from direction in Gen.Enum<TraceDirection>()
        from start in Gen.Int[0, world.Live.Count - 1]
        from types in Gen.OneOf(Gen.Const(Edge.AnyType), Gen.Const(Edge.AnyType), Gen.Const(0b1111_0000_1101u), Gen.Const(1u))
        from most in Gen.OneOf(Gen.Const(int.MaxValue - 1), Gen.Const(int.MaxValue - 1), Gen.Int[0, 2000])
        select (world, direction, start, types, most);

    [Fact]
    public void Reaches_what_a_plain_one_reaches_and_no_more_than_its_budget() => Questions.Sample(asked =>
    {
        var (world, direction, number, types, most) = asked;
        var start = world.View.OrdinalOf(world.Live[number]);
        var plain = new Plain(world, direction, types);
        plain.Run(start, 4);
        for (var again = 0; again < 2; again++) // The second has the bits of the first.
        {
            using var walk = new Walk(world.View, direction, types, most);
            walk.Run(start, 4);
            Assert.Equal(Math.Min(most, plain.Distances.Count - 1), walk.Reached);
            Assert.Equal(plain.Distances.Count - 1 > most, walk.IsCut);
            for (var distance = 0; distance <= walk.Levels; distance++)
            {
                Assert.All(Each(walk.Level(distance)), ordinal => Assert.Equal(distance, plain.Distances[ordinal]));
            }

            var reached = Enumerable.Range(0, walk.Levels + 1).SelectMany(distance => Each(walk.Level(distance))).ToList();
            Assert.Equal(walk.Reached + 1, reached.Distinct().Count());
            Assert.Equal(reached.Order(), Enumerable.Range(0, world.View.Capacity).Where(ordinal => Bits.Has(walk.Visited, ordinal)));
            if (!walk.IsCut)
            {
                Assert.Equal(plain.Hubs.Order(), walk.Hubs.Order());
            }
        }
    }, iter: 150);

    private static List<int> Each(ReadOnlySpan<Stretch> stretches)
    {
        var ordinals = new List<int>();
        foreach (var (start, end) in stretches)
        {
            ordinals.AddRange(Enumerable.Range(start, end - start));
        }

        return ordinals;
    }

    /// <summary>Breadth first, one edge after another.</summary>
    private sealed class Plain(World world, TraceDirection direction, uint types)
    {
        public Dictionary<int, int> Distances { get; } = [];

        public List<int> Hubs { get; } = [];

        public void Run(int start, int depth)
        {
            Distances.Add(start, 0);
            var level = new List<int> { start };
            for (var distance = 1; distance <= depth; distance++)
            {
                var next = new List<int>();
                foreach (var ordinal in level)
                {
                    var edges = Edges(ordinal).ToList();
                    if (distance > 1 && edges.Count > Walk.HubRelations)
                    {
                        Hubs.Add(ordinal);
                        continue;
                    }

                    next.AddRange(edges.Where(edge => ((types >> (int)edge.Type) & 1) != 0).Select(edge => edge.Other).Where(other => Distances.TryAdd(other, distance)));
                }

                level = next;
            }
        }

        private IEnumerable<(RelationType Type, int Other)> Edges(int ordinal) =>
            (direction is TraceDirection.DependsOn ? [] : world.Users[ordinal]).Concat(direction is TraceDirection.Impact ? [] : world.Used[ordinal]);
    }

    /// <summary>A snapshot, what changed since, and the relations that hold then.</summary>
    private sealed record World(GraphView View, IReadOnlyList<long> Live, ILookup<int, (RelationType Type, int Other)> Users, ILookup<int, (RelationType Type, int Other)> Used)
    {
        public static World Of(int count, (int Hub, int First, int Length, int Type)[] stretches, (int From, int To, int Type)[] single, int[] changed, (int From, int To, int Type)[] more)
        {
            var before = stretches.SelectMany(stretch => Enumerable.Range(stretch.First, Math.Min(stretch.Length, count - stretch.First)).Select(to => (From: stretch.Hub, To: to, stretch.Type)))
                .Concat(single).Where(relation => relation.From != relation.To).Select(Numbered).ToHashSet();
            var builder = new SnapshotBuilder();
            for (var number = 0; number < count; number++)
            {
                builder.Add(Row(number), []);
            }

            foreach (var (from, type, to) in before)
            {
                builder.Relate(from, type, to);
            }

            var head = new SnapshotHead(1, 1, 1, 0, 0, count);
            var sections = builder.Build();
            var reader = new SnapshotReader(SnapshotPublisher.Publish("/dev/null/none", head, sections));
            var view = new GraphView(reader, null, 1, 1);
            var (live, now) = (Enumerable.Range(1, count).Select(number => (long)number).ToHashSet(), before);
            if (changed.Length > 0)
            {
                var nodes = changed.Select(number => number + 1L).ToHashSet();
                live.ExceptWith(nodes.Where(node => node % 3 == 0)); // A third of what changed is gone, and so are its relations.
                live.UnionWith(nodes.Where(node => node % 3 != 0));
                now = [.. before.Where(relation => !nodes.Contains(relation.From) && !nodes.Contains(relation.To)),
                    .. more.Select(Numbered).Where(relation => relation.From != relation.To && (nodes.Contains(relation.From) || nodes.Contains(relation.To)) && live.Contains(relation.From) && live.Contains(relation.To))];
                view = view with
                {
                    Overlay = Overlay.Of(reader, nodes, nodes, nodes.Where(live.Contains).ToDictionary(node => node, node => new OverlayRow(Row((int)node - 1), [])),
                        now.Where(relation => nodes.Contains(relation.From) || nodes.Contains(relation.To)).ToHashSet()),
                };
            }

            var known = now.Select(relation => (Used: view.OrdinalOf(Relation.ImpactRunsForward(relation.Type) ? relation.From : relation.To), relation.Type, User: view.OrdinalOf(Relation.ImpactRunsForward(relation.Type) ? relation.To : relation.From))).Distinct().ToList();
            return new World(view, [.. live.Order()], known.ToLookup(edge => edge.Used, edge => (edge.Type, edge.User)), known.ToLookup(edge => edge.User, edge => (edge.Type, edge.Used)));
        }

        private static SnapshotRow Row(int number) => new(number + 1, $"id-{number:00000}", $"name-{number:00000}", "AWS::S3::Bucket", "aws", "1", "us-east-1", null, false, 0);

        private static (long From, RelationType Type, long To) Numbered((int From, int To, int Type) relation) => (relation.From + 1, (RelationType)relation.Type, relation.To + 1);
    }
}
