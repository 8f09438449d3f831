using McpInfra.Graph.Collectors.Findings;
using McpInfra.Graph.Queries;
using McpInfra.Graph.Scan;
using McpInfra.Graph.Tests.State;

namespace McpInfra.Graph.Tests.Findings;

/// <summary>An estate of a bucket and two queues, and scans of findings' files.</summary>
internal sealed class FindingScans : IDisposable
{
    public const string Bucket = "arn:aws:s3:::acme-orders";

    public GraphFixture Fixture { get; } = new();

    public Task EstateAsync() => Fixture.ScanStateAsync(
        StateText.Of(
            StateText.Resource("aws_s3_bucket", "b", $$"""{"arn":"{{Bucket}}","id":"acme-orders","bucket":"acme-orders"}"""),
            StateText.Resource("aws_sqs_queue", "q", """{"arn":"arn:aws:sqs:eu-west-1:1:q0","id":"https://sqs/q0","name":"q0"}""", key: "0"),
            StateText.Resource("aws_sqs_queue", "q", """{"arn":"arn:aws:sqs:eu-west-1:1:q1","id":"https://sqs/q1","name":"q1"}""", key: "1")),
        code: new GivenCode(("live/main.tf", "resource \"aws_s3_bucket\" \"b\" {\n}\n\nresource \"aws_sqs_queue\" \"q\" {\n  count = 2\n}\n")));

    /// <summary>Scans one file of a kind under a name of its own.</summary>
    public async Task<SourceResult> ScanAsync(string kind, string text, string? name = null)
    {
        var path = Path.Combine(Fixture.Folder, $"{name ?? kind}.json");
        await File.WriteAllTextAsync(path, text);
        return await ScanAsync(new SourceSettings(name ?? kind, kind) { Path = path });
    }

    public async Task<SourceResult> ScanAsync(SourceSettings source) => (await Fixture.ScanAsync([source], FindingFiles.All, null)).Sources[0];

    public IReadOnlyList<JoinedFinding> All(FindingQuery? query = null) => Fixture.Graph.Findings(query ?? new FindingQuery { Limit = 100 }).Findings;

    public JoinedFinding Only() => Xunit.Assert.Single(All());

    public void Dispose() => Fixture.Dispose();
}
