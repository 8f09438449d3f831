using McpInfra.Graph.Collectors;
using McpInfra.Graph.Queries;
using Xunit;
using static McpInfra.Graph.Tests.GraphFixture;

namespace McpInfra.Graph.Tests.Snapshots;

public sealed class Many_readers
{
    [Fact]
    public async Task See_whole_states_only_while_scans_go_on_and_snapshots_are_built_anew()
    {
        using var fixture = new GraphFixture();
        await fixture.ScanCloudAsync(Estate(0));
        using var ended = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            var reads = 0;
            var graphs = new Graphs(fixture.Database, fixture.Snapshots, fixture.Clock);
            do
            {
                var graph = graphs.For(Organization);
                Assert.Equal(200, graph.Search(new SearchQuery { Limit = 5 }).Total);
                var around = graph.Trace(graph.Resolve("n0").Found!, TraceDirection.Impact, 1);
                Assert.Equal(199, around.Total);
                if (reads % 5 == 0)
                {
                    graphs = new Graphs(fixture.Database, fixture.Snapshots, fixture.Clock);
                    foreach (var file in Directory.EnumerateFiles(fixture.Snapshots, "*.snapshot"))
                    {
                        File.Delete(file);
                    }
                }
            }
            while (++reads < 3 || !ended.IsCancellationRequested);

            return reads;
        })).ToList();
        for (var round = 1; round <= 4; round++)
        {
            fixture.Clock.Now += TimeSpan.FromMinutes(1);
            await fixture.ScanCloudAsync(Estate(round));
        }

        await ended.CancelAsync();
        Assert.All(await Task.WhenAll(readers), reads => Assert.True(reads > 0));
    }

    private static List<Observation> Estate(int round) =>
    [
        .. Enumerable.Range(0, 200).Select(number => new Observation.Seen(Resource($"arn:aws:x:us-east-1:1:x/{number}", name: $"n{number}", tags: [("round", $"{round}")]))),
        .. Enumerable.Range(1, 199).Select(number => new Observation.Related(new Relation("arn:aws:x:us-east-1:1:x/0", RelationType.Contains, $"arn:aws:x:us-east-1:1:x/{number}"))),
    ];
}
