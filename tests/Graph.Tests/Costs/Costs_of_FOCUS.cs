using System.IO.Compression;
using System.Text;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Collectors.Costs;
using McpInfra.Graph.Queries;
using McpInfra.Graph.Scan;
using Xunit;

namespace McpInfra.Graph.Tests.Costs;

public sealed class Costs_of_FOCUS : IDisposable
{
    private const string Header = "BilledCost,EffectiveCost,BillingCurrency,ChargePeriodStart,ChargePeriodEnd,ResourceId,ServiceName,SubAccountId,RegionId,ChargeDescription\n";

    private readonly GraphFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    private async Task<SourceResult> ScanAsync(string text)
    {
        var path = Path.Combine(fixture.Folder, "costs.csv");
        await File.WriteAllBytesAsync(path, Encoding.UTF8.GetBytes(text));
        return await ScanPathAsync(path);
    }

    private async Task<SourceResult> ScanPathAsync(string path) => (await fixture.ScanAsync([new SourceSettings("costs", "focus") { Path = path }], [new FocusCollector()], null)).Sources[0];

    private Task EstateAsync() => fixture.ScanCloudAsync([new Observation.Seen(GraphFixture.Resource("arn:aws:sqs:us-east-1:123456789012:q", "AWS::SQS::Queue", "q"))]);

    private IReadOnlyList<CostRow> Costs() => fixture.Graph.Describe(fixture.Graph.Resolve("q").Found!)!.Costs;

    private static string Row(string billed, string start, string effective = "", string resource = "arn:aws:sqs:us-east-1:123456789012:q", string currency = "USD", string end = "") =>
        $"{billed},{effective},{currency},{start},{end},{resource},Amazon SQS,123456789012,us-east-1,\"A queue, \"\"quoted\"\"\nover lines\"\n";

    [Fact]
    public async Task Are_summed_by_resource_month_and_currency()
    {
        await EstateAsync();
        var result = await ScanAsync("\uFEFF" + Header
            + Row("1.10", "2025-12-01T00:00:00Z", "1.00", end: "2025-12-02T00:00:00Z") + Row("2.20", "2025-12-31 00:00:00", "2.00", end: "2026-01-01T00:00:00Z")
            + Row("3.300001", "2026-01-03T00:00:00Z") + Row("-0.5", "2026-01-04T00:00:00Z") + Row("7", "2026-01-04T00:00:00Z", currency: "EUR")
            + Row("99", "2026-01-04T00:00:00Z", resource: "") + Row("98", "2026-01-04T00:00:00Z", resource: "arn:aws:sqs:us-east-1:1:elsewhere"));
        Assert.Equal((5, null), (result.Charges, result.Failure));
        Assert.Equal(
            [("EUR", 1, 7m, 7m), ("USD", 1, 2.800001m, 2.800001m), ("USD", 12, 3.30m, 3.00m)],
            Costs().Select(cost => (cost.Currency, cost.Month.Month, cost.Billed, cost.Effective)));
        Assert.Equal([new DateOnly(2026, 1, 5), new DateOnly(2026, 1, 5), new DateOnly(2026, 1, 1)], Costs().Select(cost => cost.Until));
    }

    [Fact]
    public async Task That_a_scan_sees_again_write_nothing_and_those_that_are_gone_go()
    {
        await EstateAsync();
        await ScanAsync(Header + Row("1", "2026-01-01T00:00:00Z") + Row("2", "2025-12-01T00:00:00Z"));
        Snapshot.CountWrites(fixture);
        await ScanAsync(Header + Row("1", "2026-01-01T00:00:00Z") + Row("2", "2025-12-01T00:00:00Z"));
        Assert.Empty(Snapshot.Writes(fixture));
        await ScanAsync(Header + Row("1.5", "2026-01-01T00:00:00Z"));
        Assert.Equal(1.5m, Assert.Single(Costs()).Billed);
    }

    [Theory]
    [InlineData("BilledCost,BillingCurrency\n1,USD\n", "no column ChargePeriodStart")]
    [InlineData("", "no column BilledCost")]
    [InlineData(Header + "\"1,2", "a quote is never closed")]
    [InlineData(Header + "one,,USD,2026-01-01,,,,,,\n", "1 row of")]
    [InlineData(Header + "1,,US dollars,2026-01-01,,,,,,\n", "line 2")]
    [InlineData(Header + "1e40,,USD,2026-01-01,,,,,,\n", "cannot be read")]
    public async Task Of_another_form_are_one_fault_that_says_where(string text, string fault) =>
        Assert.Contains(fault, (await ScanAsync(text)).Failure, StringComparison.Ordinal);

    [Fact]
    public async Task With_a_broken_row_count_without_it_and_take_nothing_away()
    {
        await EstateAsync();
        await ScanAsync(Header + Row("1", "2026-01-01T00:00:00Z") + Row("2", "2025-12-01T00:00:00Z"));
        var result = await ScanAsync(Header + Row("1", "2026-01-01T00:00:00Z") + Row("x", "2026-01-01T00:00:00Z") + Row("y", "2026-01-01T00:00:00Z"));
        Assert.Contains("2 rows of", Assert.Single(result.Failures).Message, StringComparison.Ordinal);
        Assert.Equal(2, Costs().Count);
    }

    [Fact]
    public async Task Are_read_from_gzip_and_a_folder_and_a_bomb_of_one_record_is_a_fault()
    {
        await EstateAsync();
        var folder = Directory.CreateDirectory(Path.Combine(fixture.Folder, "months")).FullName;
        Zip(Path.Combine(folder, "a.csv.gz"), Header + Row("1", "2026-01-01T00:00:00Z"));
        await File.WriteAllTextAsync(Path.Combine(folder, "b.csv"), Header + Row("2", "2026-01-02T00:00:00Z"), TestContext.Current.CancellationToken);
        await ScanPathAsync(folder);
        Assert.Equal(3m, Assert.Single(Costs()).Billed);
        Zip(Path.Combine(folder, "c.csv.gz"), Header + new string(' ', 40 << 20));
        Assert.Contains("a record is too long", Assert.Single((await ScanPathAsync(folder)).Failures).Message, StringComparison.Ordinal);
        await File.WriteAllBytesAsync(Path.Combine(folder, "c.csv.gz"), [1, 2, 3, 4], TestContext.Current.CancellationToken);
        Assert.Contains("not whole gzip", Assert.Single((await ScanPathAsync(folder)).Failures).Message, StringComparison.Ordinal);
    }

    private static void Zip(string path, string text)
    {
        using var file = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        file.Write(Encoding.UTF8.GetBytes(text));
    }
}
