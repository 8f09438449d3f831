using McpInfra.Guardrails.Pinning;
using McpInfra.Host.Composition;
using McpInfra.Host.Tests.Commands;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Host.Tests.Composition;

/// <summary>The built server on a state in which another version of an operation was accepted.</summary>
public sealed class A_changed_operation_is_reported : IDisposable
{
    private readonly CommandRun run = new();

    public void Dispose() => run.Dispose();

    [Fact]
    public async Task At_start_by_doctor_and_in_the_trail_until_it_is_accepted()
    {
        Assert.Empty(await StartAsync());
        var pins = new Pins(StateDatabase.Open(new McpInfra.Host.Settings.Settings { StateFolder = run.Home }), "default");
        pins.Note(OwnPins.Server, [new PinnedText("tool plan_change", "as it was"), new PinnedText("instructions", "obey")]);
        pins.Accept(OwnPins.Server);

        Assert.Contains("changed: tool plan_change", await StartAsync(), StringComparison.Ordinal);
        Assert.Contains("pins accept", await StartAsync(), StringComparison.Ordinal);
        Assert.Contains("MISSING operations: models are told otherwise than was accepted", (await run.RunAsync("doctor")).StandardOutput, StringComparison.Ordinal);
        var shown = await run.RunAsync("pins", "show");
        Assert.Equal(1, shown.ExitCode);
        Assert.Contains("  - as it was", shown.StandardOutput, StringComparison.Ordinal);
        Assert.Contains("operations differ from their pins", (await run.RunAsync("audit", "export")).StandardOutput, StringComparison.Ordinal);

        Assert.Equal(0, (await run.RunAsync("pins", "accept")).ExitCode);
        Assert.Equal(0, (await run.RunAsync("pins", "show")).ExitCode);
        Assert.Empty(await StartAsync());
        Assert.Equal(0, (await run.RunAsync("audit", "verify")).ExitCode);
    }

    // What a start says on standard error, when it has served one call.
    private async Task<string> StartAsync()
    {
        var said = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await using (var client = await RealClient.OverStdioAsync(["serve"], run.Work, new Dictionary<string, string?> { ["MCP_INFRA_HOME"] = run.Home }, errors: said.Enqueue))
        {
            await client.CallAsync("explain_access");
        }

        return string.Join('\n', said.Where(line => line.Contains("told", StringComparison.Ordinal)));
    }
}
