using CsCheck;
using Dapper;
using McpInfra.Graph.Queries;
using McpInfra.Graph.Snapshot;
using Xunit;

namespace McpInfra.Graph.Tests.Snapshots;

public sealed class A_snapshot
{
    private static readonly string[] CountBy = ["type", "region", "account", "provider", "environment", "managed", "tag:team", "tag:Name"];

    [Fact]
    public Task Answers_as_the_record_does_after_any_scans() => Gen.Select(RandomEstate.Scans, RandomEstate.Query.Array[6]).SampleAsync(async (scans, queries) =>
    {
        using var fixture = new GraphFixture();
        foreach (var scan in scans)
        {
            await fixture.ScanCloudAsync(scan);
            fixture.Clock.Now += TimeSpan.FromHours(1);
            foreach (var query in queries)
            {
                SearchesAlike(fixture, query);
            }

            TracesAlike(fixture);
        }
    }, iter: 25);

    [Fact]
    public Task With_what_changed_since_answers_as_one_taken_anew() => RandomEstate.Scans.SampleAsync(async scans =>
    {
        using var fixture = new GraphFixture();
        foreach (var scan in scans)
        {
            await fixture.ScanCloudAsync(scan);
            fixture.Clock.Now += TimeSpan.FromHours(1);
            var anew = new Graphs(fixture.Database, Path.Combine(fixture.Folder, Guid.NewGuid().ToString("N")), fixture.Clock).For(GraphFixture.Organization);
            foreach (var row in anew.Search(new SearchQuery { Limit = 100 }).Resources)
            {
                foreach (var direction in Enum.GetValues<TraceDirection>())
                {
                    Assert.Equal(Told(anew.Trace(row, direction, 3)), Told(fixture.Graph.Trace(row, direction, 3)));
                }
            }
        }
    }, iter: 12);

    private static string Told(TraceResult trace) =>
        string.Join('\n', trace.Steps.Select(step => $"{step.Distance} {step.Resource.Id} {step.Relation}")) + string.Join(' ', trace.ByDistance);

    private static void SearchesAlike(GraphFixture fixture, SearchQuery query)
    {
        using var connection = fixture.Database.Read();
        var record = new GraphReader(connection, GraphFixture.Organization, fixture.Clock.Now);
        var (known, told) = (new Search(record, query).Page(), fixture.Graph.Search(query));
        Assert.Equal((known.Total, known.Cursor), (told.Total, told.Cursor));
        Assert.Equal(known.Resources, told.Resources);
        if (told.Cursor is { } cursor)
        {
            Assert.Equal(new Search(record, query with { Cursor = cursor }).Page().Resources, fixture.Graph.Search(query with { Cursor = cursor }).Resources);
        }

        foreach (var by in CountBy)
        {
            var (counted, counts) = (new Search(record, query with { Limit = 100 }).Count(by), fixture.Graph.Count(query with { Limit = 100 }, by));
            Assert.Equal(counted.Total, counts.Total);
            Assert.Equal(Sorted(counted), Sorted(counts));
        }
    }

    private static IEnumerable<(string?, long)> Sorted(CountPage page) => page.Counts.Select(count => (count.Value?.ToLowerInvariant(), count.Count)).Order();

    private static void TracesAlike(GraphFixture fixture)
    {
        using var connection = fixture.Database.Read();
        var edges = connection.Query<(string From, string Type, string To)>(
            "SELECT DISTINCT f.id, e.type, t.id FROM graph_relation e JOIN graph_resource f ON f.node = e.from_node JOIN graph_resource t ON t.node = e.to_node WHERE f.gone_at IS NULL AND t.gone_at IS NULL AND e.doubted = 0")
            .Select(edge => (edge.From, Type: Vocabulary.Find(edge.Type)!.Value, edge.To)).ToList();
        foreach (var row in fixture.Graph.Search(new SearchQuery { Limit = 5 }).Resources)
        {
            foreach (var direction in Enum.GetValues<TraceDirection>())
            {
                var reached = Reached(edges, row.Id, direction, 4);
                var trace = fixture.Graph.Trace(row, direction, 4);
                Assert.Equal(reached.Select(node => (node.Value, node.Key)).Order(), trace.Steps.Select(step => (step.Distance, step.Resource.Id)).Order());
                Assert.All(trace.Steps, step =>
                {
                    Assert.Contains(step.Forward ? (step.From.Id, step.Relation, step.Resource.Id) : (step.Resource.Id, step.Relation, step.From.Id), edges);
                    Assert.Equal(step.Distance - 1, step.From.Id == row.Id ? 0 : reached[step.From.Id]);
                });
                foreach (var far in trace.Steps.Skip(trace.Steps.Count - 1))
                {
                    Assert.Equal(far.Distance, fixture.Graph.Path(row, far.Resource, new TraceQuery(direction, 4))!.Steps.Count);
                }
            }
        }
    }

    private static Dictionary<string, int> Reached(List<(string From, RelationType Type, string To)> edges, string start, TraceDirection direction, int depth)
    {
        var reached = new Dictionary<string, int> { [start] = 0 };
        for (var distance = 1; distance <= depth; distance++)
        {
            foreach (var (from, type, to) in edges)
            {
                var (used, user) = Relation.ImpactRunsForward(type) ? (from, to) : (to, from);
                if (direction is not TraceDirection.DependsOn && reached.TryGetValue(used, out var one) && one == distance - 1)
                {
                    reached.TryAdd(user, distance);
                }

                if (direction is not TraceDirection.Impact && reached.TryGetValue(user, out var other) && other == distance - 1)
                {
                    reached.TryAdd(used, distance);
                }
            }
        }

        reached.Remove(start);
        return reached;
    }
}
