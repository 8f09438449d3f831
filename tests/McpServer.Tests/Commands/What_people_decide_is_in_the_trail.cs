using System.Text.Json.Nodes;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Host.Tests.Commands;

/// <summary>Approvals and freezes decide over calls, so the trail of calls says whose they are.</summary>
public sealed class What_people_decide_is_in_the_trail : IDisposable
{
    private readonly CommandRun run = new();

    public void Dispose() => run.Dispose();

    [Theory]
    [InlineData("approve", null)]
    [InlineData("deny", "approval")]
    public async Task On_a_call_that_wanted_a_person(string decision, string? guardAfter)
    {
        run.Write("agents/asking.yaml", "agent: asking\ntier: observe\nallow: [\"*\"]\napprovals: [ { operation: search_resources, people: 1 } ]\n");
        var config = run.Write("operator.yaml", "organization: acme\nagents: ./agents\nagent: asking\n");
        await using var client = await RealClient.OverStdioAsync(["serve", "--config", config], run.Work, new Dictionary<string, string?> { ["MCP_INFRA_HOME"] = run.Home });
        var approval = (string)(await client.CallAsync("search_resources", new { text = "records" })).Denied!["approval"]!;

        Assert.Equal(0, (await run.RunAsync("approvals", decision, approval, "--config", config)).ExitCode);
        Assert.Equal(guardAfter, (await client.CallAsync("search_resources", new { text = "records" })).Guard);
        var decided = Assert.Single(await TrailAsync(config), record => (string?)record["operation"] == $"approvals {decision}");
        Assert.Equal((approval, Environment.UserName, "event"), ((string?)decided["arguments"]!["approval"], (string?)decided["person"], (string?)decided["kind"]));
    }

    [Fact]
    public async Task On_all_calls_at_once()
    {
        var config = run.Write("operator.yaml", "organization: acme\n");
        await run.RunAsync("thaw", "--config", config);
        await run.RunAsync("freeze", "--config", config);
        await run.RunAsync("thaw", "--config", config);
        Assert.Equal(["freeze", "thaw"], (await TrailAsync(config)).Select(record => (string?)record["operation"]));
        Assert.Equal(0, (await run.RunAsync("audit", "verify", "--config", config)).ExitCode);
    }

    [Fact]
    public async Task But_a_broken_trail_keeps_nobody_from_freezing()
    {
        Directory.CreateDirectory(run.Home);
        await File.WriteAllTextAsync(Path.Combine(run.Home, "audit"), "in its place", TestContext.Current.CancellationToken);
        var freeze = await run.RunAsync("freeze");
        Assert.Equal(0, freeze.ExitCode);
        Assert.Contains("not in the audit trail", freeze.StandardError, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(run.Home, "frozen")));
        Assert.Equal(2, (await run.RunAsync("thaw")).ExitCode);
        Assert.True(File.Exists(Path.Combine(run.Home, "frozen")));
    }

    private async Task<IReadOnlyList<JsonNode>> TrailAsync(string config) =>
        [.. (await run.RunAsync("audit", "export", "--config", config)).StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
}
