using CsCheck;
using Dapper;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Collectors.Azure;
using McpInfra.Graph.Queries;
using McpInfra.Graph.Scan;
using McpInfra.Graph.Tests.Azure;
using McpInfra.Graph.Tests.Rest;
using McpInfra.TestKit;
using Xunit;
using static McpInfra.Graph.Tests.Azure.ResourceGraphServer;

namespace McpInfra.Graph.Tests.Store;

/// <summary>Of a subscription of twelve disks in pages of two.</summary>
public sealed class A_scan_that_was_cut : IAsyncLifetime
{
    private readonly GraphFixture graph = new();
    private ResourceGraphServer azure = null!;

    public async ValueTask InitializeAsync() => (azure = await StartAsync(Prod)).PageRows = 2;

    public async ValueTask DisposeAsync()
    {
        await azure.DisposeAsync();
        graph.Dispose();
    }

    [Fact]
    public async Task By_a_lost_connection_goes_on_at_its_last_page()
    {
        Show(Enumerable.Range(0, 12));
        CutAt(page: 3);
        Assert.NotNull((await ScanAsync()).Failure);
        Assert.Equal([0, 1, 2, 3, 4, 5], Disks());
        Mend();
        Assert.Null((await ScanAsync()).Failure);
        Assert.Equal(["6", "8", "10"], Asked().Skip(4).Select(token => token!)); // Pages 0, 2, 4 and the one that was lost came before.
        Assert.Equal(Enumerable.Range(0, 12), Disks());
        Assert.Empty(Marks());
    }

    [Fact]
    public async Task By_the_end_of_its_process_goes_on_at_its_last_page()
    {
        Show(Enumerable.Range(0, 12));
        using var stop = new CancellationTokenSource();
        azure.Wire.On(asked =>
        {
            if (Token(asked) != "8")
            {
                return null;
            }

            stop.Cancel();
            return new CloudAnswer("", CutAt: 0);
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ScanAsync(stop: stop.Token));
        Assert.NotEmpty(Marks());
        Mend();
        await ScanAsync();
        Assert.DoesNotContain(null, Asked().Skip(5));
        Assert.Equal(Enumerable.Range(0, 12), Disks());
    }

    [Fact]
    public async Task Takes_away_what_is_gone_and_keeps_what_was_told_before_the_cut()
    {
        Show(Enumerable.Range(0, 12));
        await ScanAsync();
        CutAt(page: 3);
        await ScanAsync();
        Show([0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12]); // In the pages that are still to come.
        Mend();
        Assert.Null((await ScanAsync()).Failure);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12], Disks());
        Assert.Empty(graph.Graph.Freshness().Stale);
    }

    [Fact]
    public async Task Starts_anew_when_the_cloud_no_longer_takes_its_token()
    {
        Show(Enumerable.Range(0, 12));
        CutAt(page: 3);
        await ScanAsync();
        Mend();
        Show(Enumerable.Range(1, 11));
        azure.Wire.On(asked => Token(asked) == "6" && Asked().Count(token => token is null) == 1 ? new CloudAnswer("""{"error":{"code":"BadRequest"}}""", 400) : null);
        Assert.Null((await ScanAsync()).Failure);
        Assert.Equal(Enumerable.Range(1, 11), Disks());
    }

    [Fact]
    public async Task Starts_anew_after_an_hour()
    {
        Show(Enumerable.Range(0, 12));
        CutAt(page: 3);
        await ScanAsync();
        Mend();
        graph.Clock.Now += TimeSpan.FromMinutes(61);
        await ScanAsync();
        Assert.Equal(2, Asked().Count(token => token is null));
        Assert.Empty(Marks());
    }

    [Fact]
    public async Task Is_no_fresher_than_its_beginning()
    {
        Show(Enumerable.Range(0, 12));
        CutAt(page: 3);
        await ScanAsync();
        Mend();
        var begun = graph.Clock.Now;
        graph.Clock.Now += TimeSpan.FromMinutes(30);
        await ScanAsync();
        Assert.Equal(begun, Assert.Single(graph.Graph.Freshness().Sources).ScannedAt);
        graph.Clock.Now += TimeSpan.FromMinutes(30);
        await ScanAsync();
        Assert.Equal(graph.Clock.Now, Assert.Single(graph.Graph.Freshness().Sources).ScannedAt);
        Assert.Equal(graph.Clock.Now.ToUnixTimeMilliseconds(), graph.Database.Read(connection => connection.ExecuteScalar<long>("SELECT min(completed_at) FROM graph_scope")));
    }

    [Fact]
    public async Task By_an_answer_that_is_wrong_starts_anew()
    {
        Show(Enumerable.Range(0, 12));
        azure.Wire.On(asked => Token(asked) == "6" ? new CloudAnswer("""{"data":[{"no":"id"}]}""") : null);
        await ScanAsync();
        Assert.Empty(Marks());
    }

    [Fact]
    public async Task Does_not_read_again_what_it_had_read_to_its_end()
    {
        Show(Enumerable.Range(0, 12));
        azure.Add(Prod, "advisorresources", Advice(1)).Add(Prod, "advisorresources", Advice(2)).Add(Prod, "advisorresources", Advice(3));
        azure.Wire.On(asked => asked.Body.Contains("advisorresources", StringComparison.Ordinal) && asked.Body.Contains("skipToken", StringComparison.Ordinal) ? new CloudAnswer("", CutAt: 0) : null);
        await ScanAsync(kill: true);
        Mend();
        await ScanAsync();
        Assert.Single(Asked(), token => token is null);
        Assert.Equal(3, graph.Graph.Findings(new FindingQuery { Status = FindingStatus.Open }).Total);
        Assert.Equal(Enumerable.Range(0, 12), Disks());
    }

    [Fact]
    public async Task In_another_environment_starts_anew()
    {
        Show(Enumerable.Range(0, 12));
        CutAt(page: 3);
        await ScanAsync();
        Mend();
        await ScanAsync(environment: "prod");
        Assert.Equal(2, Asked().Count(token => token is null));
        Assert.Equal(Enumerable.Range(0, 12), Disks());
    }

    [Fact]
    public Task At_any_page_ends_as_one_that_was_not_cut() => Gen.Select(Gen.Int[0, 12].HashSet[0, 12], Gen.Int[0, 5], Gen.Bool).SampleAsync(async (before, page, kill) =>
    {
        await using var cloud = await StartAsync(Prod);
        using var cut = new GraphFixture();
        cloud.PageRows = 2;
        Show(before.Order(), cloud);
        await ScanAsync(cloud, cut);
        Show(Enumerable.Range(0, 12), cloud);
        CutAt(page, cloud);
        await ScanAsync(cloud, cut, kill);
        Mend(cloud);
        await ScanAsync(cloud, cut);
        Assert.Equal(Enumerable.Range(0, 12), Disks(cut));
        Assert.Equal(12, cut.Graph.Describe(cut.Graph.Resolve($"/subscriptions/{Prod}/resourceGroups/app").Found!)!.Relations.Count(relation => relation.Forward));
    }, iter: 6);

    private static string Advice(int number) =>
        $$$$"""{"id":"/subscriptions/{{{{Prod}}}}/providers/Microsoft.Advisor/recommendations/{{{{number}}}}","name":"r{{{{number}}}}","properties":{"category":"Cost","impact":"Low","recommendationTypeId":"t{{{{number}}}}","shortDescription":{"problem":"Idle"}}}""";

    private void Show(IEnumerable<int> disks) => Show(disks, azure);

    private static void Show(IEnumerable<int> disks, ResourceGraphServer cloud)
    {
        cloud.Clear(Prod, "Resources");
        foreach (var disk in disks)
        {
            cloud.Add(Prod, "Resources", $$$$"""{"id":"/subscriptions/{{{{Prod}}}}/resourceGroups/app/providers/Microsoft.Compute/disks/d{{{{disk}}}}","name":"{{{{disk}}}}","type":"microsoft.compute/disks","location":"westeurope","properties":{"diskSizeGB":64}}""");
        }
    }

    private void CutAt(int page) => CutAt(page, azure);

    private static void CutAt(int page, ResourceGraphServer cloud) => cloud.Wire.On(asked => IsOfResources(asked) && (Token(asked) ?? "0") == $"{2 * page}" ? new CloudAnswer("", CutAt: 0) : null);

    private void Mend() => Mend(azure);

    private static void Mend(ResourceGraphServer cloud) => cloud.Wire.On("POST", ResourceGraphServer.Path, cloud.Answer);

    private List<string?> Asked() => [.. azure.Wire.Requests.Where(IsOfResources).Select(Token)];

    private static bool IsOfResources(WireCloud.Asked asked) => asked.Body.Contains("\"Resources\\n", StringComparison.Ordinal);

    private static string? Token(WireCloud.Asked asked) => asked.Json.GetProperty("options").TryGetProperty("$skipToken", out var token) ? token.GetString() : null;

    private IReadOnlyList<string> Marks() => graph.Database.Read(connection => connection.Query<string>("SELECT listing FROM graph_progress").AsList());

    private IEnumerable<int> Disks() => Disks(graph);

    private static IEnumerable<int> Disks(GraphFixture graph) => graph.Graph.Search(new SearchQuery { Type = "Microsoft.Compute/disks", Limit = 100 }).Resources.Select(row => int.Parse(row.Name, null)).Order();

    private Task<SourceResult> ScanAsync(bool kill = false, string? environment = null, CancellationToken stop = default) => ScanAsync(azure, graph, kill, environment, stop);

    private static async Task<SourceResult> ScanAsync(ResourceGraphServer cloud, GraphFixture graph, bool kill = false, string? environment = null, CancellationToken stop = default)
    {
        var collector = new AzureCollector(new GivenSecrets(), new QuickTime(), new CollectorLimits { RetriesWithoutAnswer = 0 });
        var source = new SourceSettings("azure", "azure") { Accounts = [new("") { Endpoint = cloud.Wire.Endpoint, Scopes = [Prod] }], Environment = environment };
        var scanner = new Scanner(graph.Database, [kill ? new Killed(collector) : collector], null, graph.Clock) { Batch = 1, Mark = TimeSpan.Zero };
        try
        {
            return Assert.Single((await scanner.ScanAsync(GraphFixture.Organization, [source], null, stop)).Sources);
        }
        catch (InvalidTimeZoneException) when (kill)
        {
            return new SourceResult("azure", "azure");
        }
    }

    /// <summary>A collector whose process ends at the first failure.</summary>
    private sealed class Killed(ICollector collector) : ICollector
    {
        public string Kind => collector.Kind;

        public IAsyncEnumerable<Observation> CollectAsync(SourceSettings source, CancellationToken stop) => CollectAsync(source, Unfinished.Nothing, stop);

        public async IAsyncEnumerable<Observation> CollectAsync(SourceSettings source, Unfinished unfinished, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
        {
            await foreach (var observation in collector.CollectAsync(source, unfinished, stop))
            {
                yield return observation is Observation.Failed ? throw new InvalidTimeZoneException("the process ends here") : observation;
            }
        }
    }
}
