using McpInfra.Graph.Collectors;
using McpInfra.Graph.Queries;
using McpInfra.Graph.Scan;
using McpInfra.Storage;
using McpInfra.TestKit;
using Xunit;
using static McpInfra.Graph.Tests.GraphFixture;

namespace McpInfra.Graph.Tests.Store;

/// <summary>A PostgreSQL of this test's own is killed and started again under readers and writers.</summary>
public sealed class A_store_that_is_away : IAsyncLifetime
{
    private static readonly Observation.Complete Whole = new(null, null, "*");

    private readonly string folder = Directory.CreateTempSubdirectory("graph-test-").FullName;
    private readonly Clock clock = new();
    private Postgres server = null!;
    private Database database = null!;
    private Graphs graphs = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ResourceGraph Graph => graphs.For(Organization);

    private string Address => $"Host=127.0.0.1;Port={server.Port};Username=owner;Database=postgres;SSL Mode=Disable;Timeout=30";

    public async ValueTask InitializeAsync()
    {
        server = await Postgres.StartAsync(Stop, logged: false);
        database = Database.OpenPostgres(Address, GraphSchema.Schema);
        graphs = new Graphs(database, Path.Combine(folder, "snapshots"), clock);
        await ScanAsync(40);
        Assert.Equal(40, Graph.Search(new SearchQuery()).Total);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private Task<ScanResult> ScanAsync(int count, Func<int, Task>? at = null) =>
        new Scanner(database, [new Shown(count, at)], null, clock) { Batch = 1, AtOnce = 500 }.ScanAsync(Organization, [new SourceSettings("cloud", "shown")], null, Stop);

    [Fact]
    public async Task Is_read_from_the_snapshot_which_says_how_old_it_is()
    {
        var taken = clock.Now;
        await server.KillAsync();
        clock.Now += TimeSpan.FromHours(3);
        foreach (var graph in new[] { Graph, new Graphs(database, Path.Combine(folder, "snapshots"), clock).For(Organization) }) // One that has read it, and a server that starts now.
        {
            Assert.Equal(40, graph.Search(new SearchQuery { Type = "AWS::EC2::VPC", Region = "us-east-1" }).Total);
            Assert.Equal(40, graph.Count(new SearchQuery(), "type").Total);
            var row = graph.Resolve("N7").Found!;
            Assert.Equal("arn:aws:x:us-east-1:1:x/7", row.Id);
            Assert.Equal("arn:aws:x:us-east-1:1:x/3", Assert.Single(graph.Trace(row, TraceDirection.DependsOn, 1).Steps).Resource.Id);
            Assert.Equal("arn:aws:x:us-east-1:1:x/3", graph.Describe(row)!.Relations.Single(relation => relation.Forward).Other.Id);
            Assert.Equal(["n1", "n10"], graph.Complete("N1", 2));
            Assert.Equal((taken, taken), (graph.Freshness().TakenAt, graph.Freshness().AsOf));
            Assert.Contains("does not answer", Assert.Throws<StoreUnavailableException>(() => graph.Search(new SearchQuery { Text = "n7" })).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Shows_nothing_of_another_organisation_from_a_snapshot()
    {
        await server.KillAsync();
        var other = graphs.For("other");
        Assert.Throws<StoreUnavailableException>(() => other.Search(new SearchQuery()));
        Assert.Throws<StoreUnavailableException>(() => other.Resolve("n7"));
        Assert.Throws<StoreUnavailableException>(() => other.Complete("n", 5));
    }

    [Fact]
    public async Task Is_used_again_when_it_is_back()
    {
        await server.KillAsync();
        Assert.NotNull(Graph.Freshness().TakenAt);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => ScanAsync(50));
        await server.StartAgainAsync(Stop);
        await ScanAsync(50);
        clock.Now += TimeSpan.FromMinutes(1);
        Assert.Equal(50, Graph.Search(new SearchQuery()).Total);
        Assert.Equal(1, Graph.Search(new SearchQuery { Text = "n49" }).Total);
        Assert.Null(Graph.Freshness().TakenAt);
    }

    [Fact]
    public async Task In_the_middle_of_a_scan_fails_it_clearly_and_the_next_mends_it()
    {
        var failed = await Assert.ThrowsAsync<StoreUnavailableException>(() => ScanAsync(60, number => number == 50 ? server.KillAsync() : Task.CompletedTask));
        Assert.Contains("can be tried again", failed.Message, StringComparison.Ordinal);
        Assert.Equal(40, Graph.Search(new SearchQuery { Region = "us-east-1" }).Total);
        await server.StartAgainAsync(Stop);
        await ScanAsync(60);
        clock.Now += TimeSpan.FromMinutes(1);
        Assert.Equal(60, Graph.Search(new SearchQuery()).Total);
        Assert.Equal(59, Graph.Trace(Graph.Resolve("n0").Found!, TraceDirection.Impact, 6).Total);
    }

    [Fact]
    public async Task For_a_moment_in_the_middle_of_a_scan_is_written_again()
    {
        var result = await ScanAsync(60, async number =>
        {
            if (number == 50)
            {
                await server.KillAsync();
                await server.StartAgainAsync(Stop);
            }
        });
        Assert.False(result.Failed);
        Assert.Equal(60, Graph.Search(new SearchQuery()).Total);
    }

    /// <summary>A cloud of a chain of resources, at each of which something may happen.</summary>
    private sealed class Shown(int count, Func<int, Task>? at) : ICollector
    {
        public string Kind => "shown";

        public async IAsyncEnumerable<Observation> CollectAsync(SourceSettings source, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
        {
            for (var number = 0; number < count; number++)
            {
                await (at?.Invoke(number) ?? Task.CompletedTask);
                yield return new Observation.Seen(Resource($"arn:aws:x:us-east-1:1:x/{number}", name: $"n{number}"));
                if (number > 0)
                {
                    yield return new Observation.Related(new Relation($"arn:aws:x:us-east-1:1:x/{number}", RelationType.Uses, $"arn:aws:x:us-east-1:1:x/{number / 2}"));
                }
            }

            yield return Whole;
        }
    }
}
