using McpInfra.Graph.Queries;
using Xunit;

namespace McpInfra.Graph.Tests.Findings;

public sealed class Findings_over_time : IDisposable
{
    private readonly FindingScans scans = new();

    public void Dispose() => scans.Dispose();

    private static string Prowler(string status = "FAIL", string check = "s3_bucket_public_access", string arn = FindingScans.Bucket) =>
        $$"""{"CheckID":"{{check}}","Status":"{{status}}","StatusExtended":"It is public.","Severity":"high","ResourceArn":"{{arn}}","FindingUniqueId":"{{check}}"}""";

    private async Task<JoinedFinding> DayAsync(int day, string record)
    {
        scans.Fixture.Clock.Now = new DateTimeOffset(2026, 1, day, 0, 0, 0, TimeSpan.Zero);
        await scans.ScanAsync("prowler", $"[{record}]");
        return scans.Only();
    }

    [Fact]
    public async Task Are_opened_resolved_opened_again_and_suppressed()
    {
        await scans.EstateAsync();
        Assert.Equal(FindingStatus.Open, (await DayAsync(1, Prowler())).Status);
        var mended = await DayAsync(5, Prowler("PASS"));
        Assert.Equal((FindingStatus.Resolved, 5), (mended.Status, mended.EndedAt!.Value.Day));
        Assert.Empty(scans.Fixture.Graph.Search(new SearchQuery { Findings = true }).Resources);
        Assert.Equal("acme-orders", Assert.Single(mended.Resources).Name);
        Assert.Equal((FindingStatus.Open, null), ((await DayAsync(8, Prowler())).Status, scans.Only().EndedAt));
        var lived = await DayAsync(9, Prowler("MUTED"));
        Assert.Equal([(1, FindingStatus.Open), (5, FindingStatus.Resolved), (8, FindingStatus.Open), (9, FindingStatus.Suppressed)], lived.History.Select(change => (change.Time.Day, change.Status)));
        Assert.Equal(1, lived.Since.Day);
    }

    [Fact]
    public async Task Of_several_tools_that_say_the_same_of_one_resource_are_one()
    {
        await scans.EstateAsync();
        await scans.ScanAsync("prowler", $"[{Prowler()},{Prowler(check: "s3_bucket_logging")}]");
        await scans.ScanAsync("asff", """[{"SchemaVersion":"2018-10-08","Id":"x","ProductArn":"p","ProductName":"Prowler via Security Hub","GeneratorId":"prowler-s3_bucket_public_access","Title":"Public","Severity":{"Label":"CRITICAL"},"Resources":[{"Id":"acme-orders"}]}]""");
        var joined = scans.All(new FindingQuery { Text = "public_access" });
        Assert.Equal(("critical", 2), (Assert.Single(joined).Severity, joined[0].Tools.Count));
        Assert.Equal(2, scans.Fixture.Graph.Findings(new FindingQuery()).Total);
        Assert.Equal(2, scans.Fixture.Graph.Describe(scans.Fixture.Graph.Resolve("acme-orders").Found!)!.Findings.Count);

        await scans.ScanAsync("prowler", "[]");
        Assert.Equal(FindingStatus.Open, Assert.Single(scans.All(new FindingQuery { Text = "public_access" })).Status);
        await scans.ScanAsync("asff", "[]");
        Assert.Equal(FindingStatus.Resolved, Assert.Single(scans.All(new FindingQuery { Text = "public_access" })).Status);
    }

    [Fact]
    public async Task Of_one_rule_on_two_resources_stay_two()
    {
        await scans.EstateAsync();
        await scans.ScanAsync("prowler", $"[{Prowler()},{Prowler(arn: "arn:aws:sqs:eu-west-1:1:q0")}]");
        Assert.Equal(2, scans.Fixture.Graph.Findings(new FindingQuery()).Total);
    }

    [Fact]
    public async Task That_a_scan_sees_again_write_nothing()
    {
        await scans.EstateAsync();
        await scans.ScanAsync("prowler", $"[{Prowler()}]");
        Snapshot.CountWrites(scans.Fixture);
        await scans.ScanAsync("prowler", $"[{Prowler()}]");
        Assert.Empty(Snapshot.Writes(scans.Fixture));
    }

    [Theory]
    [InlineData("checkov", """{"check_type":"terraform","results":{"failed_checks":[{"check_id":"C","check_name":"n","resource":"aws_s3_bucket.b"}]}}""", """{"check_type":"terraform","results":{"failed_checks":[],"parsing_errors":["live/main.tf"]}}""")]
    [InlineData("sarif", """{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"s"}},"results":[{"ruleId":"r","message":{"text":"m"}}]}]}""", """{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"s"}},"invocations":[{"executionSuccessful":false}],"results":[]}]}""")]
    public async Task Stay_open_when_the_scanner_says_that_it_did_not_see_everything(string kind, string before, string after)
    {
        await scans.EstateAsync();
        await scans.ScanAsync(kind, before);
        var partial = await scans.ScanAsync(kind, after);
        Assert.Equal("finding", Assert.Single(partial.Failures).Type);
        Assert.Equal(FindingStatus.Open, scans.Only().Status);
    }

    [Fact]
    public async Task Of_a_folder_with_one_broken_file_are_kept_and_the_file_is_named()
    {
        var folder = Directory.CreateDirectory(Path.Combine(scans.Fixture.Folder, "reports")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "a.json"), $"[{Prowler()}]", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "b.json"), $"[{Prowler(check: "other")}]", TestContext.Current.CancellationToken);
        var source = new SourceSettings("reports", "prowler") { Path = folder };
        Assert.Equal(2, (await scans.ScanAsync(source)).Findings);
        await File.WriteAllTextAsync(Path.Combine(folder, "b.json"), "[{", TestContext.Current.CancellationToken);
        var result = await scans.ScanAsync(source);
        Assert.Null(result.Failure);
        Assert.Contains("b.json", Assert.Single(result.Failures).Message, StringComparison.Ordinal);
        Assert.Equal(2, scans.All(new FindingQuery { Status = FindingStatus.Open }).Count);
    }

    [Theory]
    [InlineData("critical", 0)]
    [InlineData("high", 2)]
    public async Task Are_filtered_by_severity_framework_text_and_resource(string severity, int count)
    {
        await scans.EstateAsync();
        await scans.ScanAsync("prowler", $$"""[{{Prowler()}},{"CheckID":"sqs","Status":"FAIL","StatusExtended":"Not encrypted","Severity":"high","ResourceArn":"arn:aws:sqs:eu-west-1:1:q0","Compliance":{"CIS-1.4":["2.1"]} }]""");
        Assert.Equal(count, scans.Fixture.Graph.Findings(new FindingQuery { Severity = severity }).Total);
        Assert.Equal("sqs", Assert.Single(scans.All(new FindingQuery { Framework = "cis" })).Rule);
        Assert.Equal("sqs", Assert.Single(scans.All(new FindingQuery { Text = "encrypted not" })).Rule);
        Assert.Equal("sqs", Assert.Single(scans.All(new FindingQuery { Resource = scans.Fixture.Graph.Resolve("q0").Found })).Rule);
        Assert.Empty(scans.Fixture.Graphs.For("other").Findings(new FindingQuery()).Findings);
    }
}
