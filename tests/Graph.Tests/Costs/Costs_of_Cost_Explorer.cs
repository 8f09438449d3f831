using System.Text.Json;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Collectors.Aws;
using McpInfra.Graph.Scan;
using McpInfra.Graph.Tests.Aws;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Graph.Tests.Costs;

/// <summary>Cost Explorer on loopback, in its public format.</summary>
[Collection(AwsCredentials.Name)]
public sealed class Costs_of_Cost_Explorer : IAsyncLifetime
{
    private const string ByResource = "GetCostAndUsageWithResources";

    private readonly QuickTime time = new();
    private readonly GraphFixture graph = new();
    private WireAws aws = null!;

    public async ValueTask InitializeAsync()
    {
        aws = await WireAws.StartAsync();
        aws.On("GetCostAndUsage", Period(("Amazon Simple Queue Service", WireAws.Account, "12.34"))).On(ByResource, Period(("i-0123456789abcdef0", "Amazon Elastic Compute Cloud - Compute", "5.00")));
    }

    public ValueTask DisposeAsync()
    {
        graph.Dispose();
        return aws.DisposeAsync();
    }

    [Fact]
    public async Task Are_told_by_service_and_by_resource()
    {
        Assert.Empty((await StoreAsync()).Failures);
        Assert.Equal([("Amazon Simple Queue Service", 12.34m), ("Amazon Elastic Compute Cloud - Compute", 5m)], Stored());
    }

    [Theory]
    [InlineData("""{"__type":"AccessDeniedException"}""", 400, "allow ce:GetCostAndUsageWithResources (and switch on resource-level data")]
    [InlineData("""{"__type":"ThrottlingException"}""", 400, "throttled")]
    [InlineData("", 500, "failed on its side")]
    [InlineData("{}", 200, "garbage")]
    public async Task By_resource_that_cannot_be_had_are_said_to_be_missing_and_those_known_stay(string body, int status, string said)
    {
        await StoreAsync();
        aws.On(ByResource, body, status).On("GetCostAndUsage", Period(("Amazon Simple Queue Service", WireAws.Account, "13.00")));
        var result = await StoreAsync();
        Assert.Null(result.Failure);
        var failed = Assert.Single(result.Failures);
        Assert.Equal("cost by resource", failed.Type);
        Assert.Contains(said, failed.Message);
        Assert.Equal([("Amazon Simple Queue Service", 13m), ("Amazon Elastic Compute Cloud - Compute", 5m)], Stored());
        Assert.Contains(graph.Graph.Freshness().Stale, stale => stale.Type == "cost by resource");
    }

    [Fact]
    public async Task By_resource_are_not_missed_where_the_account_has_them_switched_off()
    {
        aws.On(ByResource, """{"__type":"DataUnavailableException"}""", 400);
        Assert.Empty((await StoreAsync()).Failures);
        Assert.Equal([("Amazon Simple Queue Service", 12.34m)], Stored());
        Assert.Empty(graph.Graph.Freshness().Stale);
    }

    [Fact]
    public async Task By_resource_are_counted_once_where_their_service_is_told_too()
    {
        aws.On("GetCostAndUsage", Period(("Amazon Elastic Compute Cloud - Compute", WireAws.Account, "9.00"), ("Amazon Simple Queue Service", WireAws.Account, "1.00")));
        await StoreAsync();
        Assert.Equal([("Amazon Elastic Compute Cloud - Compute", 9m), ("Amazon Simple Queue Service", 1m)], Stored());
    }

    [Fact]
    public async Task That_are_no_longer_told_go()
    {
        await StoreAsync();
        aws.On(ByResource, Period());
        await StoreAsync();
        Assert.Equal([("Amazon Simple Queue Service", 12.34m)], Stored());
    }

    [Fact]
    public async Task Of_a_scan_that_was_cut_are_read_on_from_the_last_page_for_each_costs_a_cent()
    {
        var isLost = true;
        aws.On("GetCostAndUsage", asked => !asked.Body.Contains("NextPageToken", StringComparison.Ordinal) ? new WireAnswer(Period("2", ("Amazon Simple Queue Service", WireAws.Account, "12.34")))
            : isLost ? new WireAnswer("", 503) : new WireAnswer(Period(("Amazon Simple Storage Service", WireAws.Account, "1.00"))));
        Assert.Single((await StoreAsync()).Failures);
        isLost = false;
        var before = aws.Requests.Count;
        Assert.Empty((await StoreAsync()).Failures);
        Assert.Single(aws.Requests.Skip(before), asked => asked.Action == "GetCostAndUsage");
        Assert.Equal([("Amazon Simple Queue Service", 12.34m), ("Amazon Elastic Compute Cloud - Compute", 5m), ("Amazon Simple Storage Service", 1m)], Stored());
    }

    private static string Period(params (string One, string Other, string Amount)[] groups) => Period(null, groups);

    private static string Period(string? next, params (string One, string Other, string Amount)[] groups) => JsonSerializer.Serialize(new
    {
        NextPageToken = next,
        ResultsByTime = new[]
        {
            new
            {
                TimePeriod = new { Start = "2026-01-01", End = "2026-02-01" },
                Groups = groups.Select(group => new { Keys = new[] { group.One, group.Other }, Metrics = new { UnblendedCost = new { group.Amount, Unit = "USD" } } }),
            },
        },
    });

    private List<(string, decimal)> Stored() => [.. graph.Graph.Costs(10).Select(one => (one.Cost.Service, one.Cost.Billed))];

    private async Task<SourceResult> StoreAsync()
    {
        var source = new SourceSettings("bill", "aws-cost-explorer") { Accounts = [new("") { Regions = ["us-east-1"], Endpoint = aws.Endpoint }] };
        return Assert.Single((await graph.ScanAsync([source], AwsCollector.All(new AmbientKeys(time), time, new CollectorLimits { Retries = 1 }), null)).Sources);
    }
}
