using System.Collections.Concurrent;
using System.Text;
using McpInfra.Host.Tests.Commands;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Host.Tests.Composition;

public sealed class Telemetry_goes_where_it_is_asked_to : IDisposable
{
    private const string Secret = "ghp_16C7e42F292c6912E7710c838347Ae178B4a";
    private readonly CommandRun run = new();

    public void Dispose() => run.Dispose();

    [Fact]
    public async Task Spans_of_the_call_and_its_guards_with_the_audit_id_and_metrics_and_never_an_argument()
    {
        var received = new ConcurrentDictionary<string, string>();
        await using var collector = await LoopbackServer.StartAsync(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            var text = Encoding.Latin1.GetString(body.ToArray());
            received.AddOrUpdate(context.Request.Path, text, (_, before) => before + text);
        });
        string audit;
        await using (var client = await RealClient.OverStdioAsync(["serve"], run.Work, new Dictionary<string, string?>
        {
            ["MCP_INFRA_HOME"] = run.Home,
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Endpoint.ToString(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        }))
        {
            await client.CallAsync("search_resources", new { text = Secret });
            audit = (string)(await client.CallAsync("propose_change", new { plan = "x", title = "x", reason = "x" })).Denied!["audit"]!;
        }

        var traces = received["/v1/traces"];
        foreach (var name in new[] { "search_resources", "identity", "injection", "redact", "propose_change", audit })
        {
            Assert.Contains(name, traces, StringComparison.Ordinal);
        }

        foreach (var name in new[] { "mcp_infra.calls", "mcp_infra.refusals", "mcp_infra.call.duration" })
        {
            Assert.Contains(name, received["/v1/metrics"], StringComparison.Ordinal);
        }

        Assert.DoesNotContain(received.Values, text => text.Contains(Secret, StringComparison.Ordinal));
    }
}
