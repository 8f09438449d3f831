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
    [InlineData("", "is empty")]
    [InlineData(Header + "\"1,2", "a quote is never closed")]
    [InlineData(Header + "one,,USD,2026-01-01,,,,,,\n", "1 row of")]
    [InlineData(Header + "1,,US dollars,2026-01-01,,,,,,\n", "line 2")]
    [InlineData(Header + "1e40,,USD,2026-01-01,,,,,,\n", "cannot be read")]
    public async Task Of_another_form_are_one_fault_that_says_where(string text, string fault) =>
        Assert.Contains(fault, (await ScanAsync(text)).Failure, StringComparison.Ordinal);

    [Fact]
    public async Task That_are_cut_anywhere_take_nothing_away()
    {
        await EstateAsync();
        var whole = Header + Row("1.25", "2026-01-01T00:00:00Z") + Row("22.75", "2025-12-01T00:00:00Z").TrimEnd('\n');
        foreach (var length in Enumerable.Range(1, 9).Select(tenth => whole.Length * tenth / 10).Append(whole.Length - 1))
        {
            await ScanAsync(whole);
            var result = await ScanAsync(whole[..length]);
            Assert.Contains(Path.Combine(fixture.Folder, "costs.csv"), result.Failure ?? Assert.Single(result.Failures).Message, StringComparison.Ordinal);
            Assert.Equal([1.25m, 22.75m], Costs().Select(cost => cost.Billed));
        }
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-8")]
    public async Task Are_read_by_the_mark_of_their_encoding(string encoding)
    {
        await EstateAsync();
        var path = Path.Combine(fixture.Folder, "costs.csv");
        var text = Encoding.GetEncoding(encoding);
        await File.WriteAllBytesAsync(path, [.. text.Preamble, .. text.GetBytes(Header + Row("1", "2026-01-01T00:00:00Z"))], TestContext.Current.CancellationToken);
        Assert.Equal((null, 0), (await ScanPathAsync(path)) is var result ? (result.Failure, result.Failures.Count) : default);
        Assert.Equal(1m, Assert.Single(Costs()).Billed);
    }

    [Fact]
    public async Task With_a_column_twice_or_a_hostile_text_are_kept_without_its_secret_and_its_escapes()
    {
        await EstateAsync();
        var row = Row("1", "2026-01-01T00:00:00Z").Replace("Amazon SQS", "\"SQS AKIAIOSFODNN7EXAMPLE \u001b[2J\0 \ud83d\ude00 '=cmd()\"", StringComparison.Ordinal);
        var result = await ScanAsync(Header.Replace("ChargeDescription", "BilledCost", StringComparison.Ordinal) + row.Replace("\"A queue, \"\"quoted\"\"\nover lines\"", "777", StringComparison.Ordinal));
        Assert.Equal((null, 0), (result.Failure, result.Failures.Count));
        Assert.Equal(("SQS [masked] [2J \U0001F600 '=cmd()", 1m), (Assert.Single(Costs()).Service, Costs()[0].Billed));
        Assert.DoesNotContain("AKIA", Encoding.UTF8.GetString(Snapshot.WholeFile(fixture)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_gzip_that_is_cut_are_a_fault_and_take_nothing_away()
    {
        await EstateAsync();
        var path = Path.Combine(fixture.Folder, "costs.csv.gz");
        Zip(path, Header + string.Concat(Enumerable.Range(0, 2000).Select(number => Row(FormattableString.Invariant($"{number}.125"), "2026-01-01T00:00:00Z"))));
        await ScanPathAsync(path);
        var before = Costs();
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(path, bytes[..(bytes.Length / 2)], TestContext.Current.CancellationToken);
        Assert.Contains("costs.csv.gz", Assert.Single((await ScanPathAsync(path)).Failures).Message, StringComparison.Ordinal);
        Assert.Equal(before.Select(cost => cost.Month), Costs().Select(cost => cost.Month));
    }

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
