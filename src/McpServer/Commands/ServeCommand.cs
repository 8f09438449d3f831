using System.CommandLine;
using McpInfra.Host.Composition;
using McpInfra.Host.Edge.Http;
using McpInfra.Host.Edge.Stdio;

namespace McpInfra.Host.Commands;

/// <summary>`serve`: stdio unless --http; logs to standard error only.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var http = Options.Http("Serve over HTTP on this loopback address instead of stdio; path /mcp if none is given");
        var agent = new Option<string?>("--agent") { Description = "The agent type; else the configuration's, else planner", HelpName = "TYPE" };
        var config = Options.Config();
        var command = new Command("serve", "Serve MCP over stdio, or over HTTP with --http") { http, agent, config };
        command.SetAction((result, stop) => RunAsync(result.GetValue(http), result.GetValue(agent), result.GetValue(config), stop));
        return command;
    }

    private static async Task<int> RunAsync(Uri? http, string? agent, string? config, CancellationToken stop)
    {
        using var logs = StandardErrorLogs.Factory();
        var warm = http is null ? Task.WhenAll(StdioHost.WarmAsync(logs), Server.WarmAsync()) : Task.CompletedTask;
        var settings = Options.Load(config);
        await using var server = await Server.StartAsync(settings, agent, logs, TimeProvider.System, stop);
        if (http is null)
        {
            await StdioHost.RunAsync(server.Edge, TimeProvider.System, logs, stop);
        }
        else
        {
            await HttpHost.RunAsync(server.Edge, new HttpOptions(http, settings.StateFolder), (url, token) => Terminal.Complain($"mcp-infra: serving {url}; the bearer token is in {token}"), logs, stop);
        }

        await warm;
        return ExitCode.Yes;
    }
}
