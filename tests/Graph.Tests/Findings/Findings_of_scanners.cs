using McpInfra.Graph.Collectors.Findings;
using McpInfra.Graph.Queries;
using McpInfra.Graph.Scan;
using McpInfra.Graph.Tests.State;
using Xunit;

namespace McpInfra.Graph.Tests.Findings;

public sealed class Findings_of_scanners : IDisposable
{
    private readonly GraphFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    private async Task<SourceResult> ScanAsync(string results, string rules = "[]", string version = "2.1.0")
    {
        var path = Path.Combine(fixture.Folder, "scan.sarif");
        await File.WriteAllTextAsync(path, $$$"""{"version":"{{{version}}}","runs":[{"tool":{"driver":{"name":"scanner","rules":{{{rules}}} }},"results":{{{results}}} }]}""");
        return (await fixture.ScanAsync([new SourceSettings("findings", "sarif") { Path = path }], FindingFiles.All, null)).Sources[0];
    }

    private Task EstateAsync() => fixture.ScanStateAsync(
        StateText.Of(
            StateText.Resource("aws_s3_bucket", "b", """{"arn":"arn:aws:s3:::acme-orders","id":"acme-orders","bucket":"acme-orders"}"""),
            StateText.Resource("aws_sqs_queue", "q", """{"arn":"arn:aws:sqs:eu-west-1:1:q0","id":"https://sqs/q0","name":"q0"}""", key: "0"),
            StateText.Resource("aws_sqs_queue", "q", """{"arn":"arn:aws:sqs:eu-west-1:1:q1","id":"https://sqs/q1","name":"q1"}""", key: "1")),
        code: new GivenCode(("live/main.tf", "resource \"aws_s3_bucket\" \"b\" {\n}\n\nresource \"aws_sqs_queue\" \"q\" {\n  count = 2\n}\n")));

    private static string At(string file, int line) => $$$"""[{"physicalLocation":{"artifactLocation":{"uri":"{{{file}}}"},"region":{"startLine":{{{line}}} } } }]""";

    [Theory]
    [InlineData("""[{"ruleId":"r","message":{"text":"m"},"properties":{"arn":"arn:aws:s3:::acme-orders"}}]""")]
    [InlineData("""[{"ruleId":"r","message":{"text":"m"},"locations":[{"logicalLocations":[{"fullyQualifiedName":"aws_s3_bucket.b"}]}]}]""")]
    [InlineData("""[{"ruleId":"r","message":{"text":"m"},"properties":{"resource":"ACME-orders"}}]""")]
    [InlineData("""[{"ruleId":"r","message":{"text":"m"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"live/main.tf"},"region":{"startLine":2}}}]}]""")]
    [InlineData("""[{"ruleId":"r","message":{"text":"m"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"./main.tf"},"region":{"startLine":1}}}]}]""")]
    [InlineData("""[{"ruleId":"r","message":{"text":"m"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"file:///ci/work/live/main.tf"},"region":{"startLine":1}},"logicalLocations":[{"name":"unheard-of"}]}]}]""")]
    public async Task Are_linked_to_what_they_speak_of(string results)
    {
        await EstateAsync();
        await ScanAsync(results);
        Assert.Equal(["acme-orders"], fixture.Graph.Search(new SearchQuery { Findings = true }).Resources.Select(row => row.Name));
    }

    [Fact]
    public async Task On_a_block_of_several_instances_are_linked_to_each()
    {
        await EstateAsync();
        await ScanAsync($$"""[{"ruleId":"r","message":{"text":"m"},"locations":{{At("live/main.tf", 5)}} }]""");
        Assert.Equal(["q0", "q1"], fixture.Graph.Search(new SearchQuery { Findings = true }).Resources.Select(row => row.Name));
    }

    [Theory]
    [InlineData("""{"ruleId":"r","level":"error"}""", "[]", "high")]
    [InlineData("""{"ruleId":"r"}""", "[]", "medium")]
    [InlineData("""{"ruleId":"r"}""", """[{"id":"r","defaultConfiguration":{"level":"note"}}]""", "low")]
    [InlineData("""{"ruleId":"r","level":"note"}""", """[{"id":"r","properties":{"security-severity":"9.8"}}]""", "critical")]
    [InlineData("""{"ruleId":"r","level":"note","properties":{"severity":"HIGH"}}""", "[]", "high")]
    public async Task Have_the_severity_that_the_scanner_gives(string result, string rules, string severity)
    {
        await EstateAsync();
        await ScanAsync($$"""[{{result[..^1]}},"message":{"text":"m"},"locations":{{At("live/main.tf", 1)}} }]""", rules);
        var bucket = fixture.Graph.Describe(fixture.Graph.Resolve("acme-orders").Found!)!;
        Assert.Equal(severity, Assert.Single(bucket.Findings).Severity);
    }

    [Fact]
    public async Task That_are_suppressed_or_passed_do_not_count_and_mended_ones_go()
    {
        await EstateAsync();
        var first = await ScanAsync($$$"""[{"ruleId":"a","message":{"text":"m"},"locations":{{{At("live/main.tf", 1)}}} },{"ruleId":"b","kind":"pass","message":{"text":"m"}},{"ruleId":"c","suppressions":[{"kind":"inSource"}],"message":{"text":"m"}}]""");
        Assert.Equal(1, first.Findings);
        await ScanAsync("[]");
        Assert.Empty(fixture.Graph.Search(new SearchQuery { Findings = true }).Resources);
    }

    [Fact]
    public async Task In_another_version_are_a_clear_fault() =>
        Assert.Contains("not SARIF 2.1.0", (await ScanAsync("[]", version: "2.0.0")).Failure, StringComparison.Ordinal);
}
