using CsCheck;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Queries;
using Xunit;
using static McpInfra.Graph.Tests.GraphFixture;

namespace McpInfra.Graph.Tests.Queries;

public sealed class A_trace
{
    private static string Id(int number) => $"arn:aws:x:us-east-1:123456789012:x/{number:0000}";

    private static IEnumerable<Observation> Nodes(int count) => Enumerable.Range(0, count).Select(number => new Observation.Seen(Resource(Id(number), name: $"n{number}")));

    private static Observation Edge(int from, RelationType type, int to) => new Observation.Related(new Relation(Id(from), type, Id(to)));

    [Theory]
    [InlineData(RelationType.EncryptedBy, false)]
    [InlineData(RelationType.SecuredBy, false)]
    [InlineData(RelationType.Assumes, false)]
    [InlineData(RelationType.DependsOn, false)]
    [InlineData(RelationType.Contains, true)]
    [InlineData(RelationType.Hosts, true)]
    [InlineData(RelationType.Owns, true)]
    public async Task Of_impact_runs_from_what_is_used_to_its_users(RelationType type, bool forward)
    {
        using var fixture = new GraphFixture();
        await fixture.ScanCloudAsync([.. Nodes(2), Edge(0, type, 1)]);
        var (one, other) = (fixture.Graph.Resolve(Id(0)).Found!, fixture.Graph.Resolve(Id(1)).Found!);
        var (used, user) = forward ? (one, other) : (other, one);
        Assert.Equal([user.Id], fixture.Graph.Trace(used, TraceDirection.Impact, 6).Steps.Select(step => step.Resource.Id));
        Assert.Empty(fixture.Graph.Trace(user, TraceDirection.Impact, 6).Steps);
        Assert.Equal([used.Id], fixture.Graph.Trace(user, TraceDirection.DependsOn, 6).Steps.Select(step => step.Resource.Id));
    }

    [Fact]
    public Task Reaches_what_a_plain_walk_reaches_at_the_same_distance() => Gen.Select(
        Gen.Select(Gen.Int[0, 19], Gen.Enum<RelationType>(), Gen.Int[0, 19]).List[0, 40], Gen.Int[1, 6]).SampleAsync(async (edges, depth) =>
    {
        using var fixture = new GraphFixture();
        await fixture.ScanCloudAsync([.. Nodes(20), .. edges.Select(edge => Edge(edge.Item1, edge.Item2, edge.Item3))]);
        var reached = new Dictionary<int, int> { [0] = 0 };
        for (var distance = 1; distance <= depth; distance++)
        {
            foreach (var (from, type, to) in edges)
            {
                var (used, user) = Relation.ImpactRunsForward(type) ? (from, to) : (to, from);
                if (reached.TryGetValue(used, out var before) && before == distance - 1)
                {
                    reached.TryAdd(user, distance);
                }
            }
        }

        var trace = fixture.Graph.Trace(fixture.Graph.Resolve(Id(0)).Found!, TraceDirection.Impact, depth);
        Assert.Equal(
            reached.Where(node => node.Key != 0).Select(node => (Id(node.Key), node.Value)).Order(),
            trace.Steps.Select(step => (step.Resource.Id, step.Distance)).Order());
        var far = reached.MaxBy(node => node.Value);
        var path = fixture.Graph.Path(fixture.Graph.Resolve(Id(0)).Found!, fixture.Graph.Resolve(Id(far.Key)).Found!, new TraceQuery(TraceDirection.Impact, depth));
        Assert.Equal(far.Value, path?.Steps.Count ?? 0);
    }, iter: 15);

    [Theory]
    [InlineData(0, 2, 1)]
    [InlineData(2, 0, 1)]
    public async Task Of_a_path_goes_by_dependence_where_another_is_as_short(int from, int to, int over)
    {
        using var fixture = new GraphFixture();
        await fixture.ScanCloudAsync([.. Nodes(4), Edge(0, RelationType.Uses, 1), Edge(1, RelationType.Uses, 2), Edge(3, RelationType.Contains, 0), Edge(3, RelationType.Contains, 2)]);
        var path = fixture.Graph.Path(fixture.Graph.Resolve(Id(from)).Found!, fixture.Graph.Resolve(Id(to)).Found!, new TraceQuery(TraceDirection.Both, 6))!;
        Assert.Equal([Id(over), Id(to)], path.Steps.Select(step => step.Resource.Id));
    }

    [Fact]
    public async Task Reaches_a_hub_but_follows_it_only_from_itself()
    {
        using var fixture = new GraphFixture();
        await fixture.ScanCloudAsync([.. Nodes(1103), Edge(0, RelationType.Contains, 1), .. Enumerable.Range(2, 1100).Select(number => Edge(number, RelationType.Uses, 1))]);
        var around = fixture.Graph.Trace(fixture.Graph.Resolve(Id(0)).Found!, TraceDirection.Impact, 3);
        Assert.Equal((1, Id(1)), (around.Steps.Count, around.Hubs.Single().Resource.Id));
        var from = fixture.Graph.Trace(fixture.Graph.Resolve(Id(1)).Found!, TraceDirection.Impact, 1);
        Assert.Equal((1100, 0, false), ((int)from.Total, from.Hubs.Count, from.Cut));
    }

    [Fact]
    public async Task Joins_relations_that_came_before_their_ends()
    {
        using var fixture = new GraphFixture();
        await fixture.ScanCloudAsync([new Observation.Related(new Relation("i-short", RelationType.Uses, Id(1)))], "first");
        await fixture.ScanCloudAsync([new Observation.Seen(Resource(Id(0)) with { Aliases = ["i-short"] }), .. Nodes(2).Skip(1)], "second");
        Assert.Equal([Id(0)], fixture.Graph.Trace(fixture.Graph.Resolve(Id(1)).Found!, TraceDirection.Impact, 1).Steps.Select(step => step.Resource.Id));
    }
}
