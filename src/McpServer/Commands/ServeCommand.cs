using System.CommandLine;
using McpInfra.Host.Composition;
using McpInfra.Host.Edge.Http;
using McpInfra.Host.Edge.Stdio;

namespace McpInfra.Host.Commands;

/// <summary>`serve`: stdio unless --http; logs to standard error only.</summary>
internal static class ServeCommand
{
    private static readonly Lazy<Task> Warm = new(() => Task.Run(WarmAsync));

    /// <summary>Begins, on another thread, what serving over stdio needs whatever the settings say, where it is going to be asked for.</summary>
    public static void Foresee(string[] args)
    {
        if (args is ["serve", ..] && !args.Any(argument => argument.StartsWith("--http", StringComparison.Ordinal)))
        {
            _ = Warm.Value;
        }
    }

    public static Command Create()
    {
        var http = Options.Http("Serve over HTTP on this loopback address instead of stdio; path /mcp if none is given");
        var agent = new Option<string?>("--agent") { Description = "The agent type; else the configuration's, else planner", HelpName = "TYPE" };
        var config = Options.Config();
        var command = new Command("serve", "Serve MCP over stdio, or over HTTP with --http") { http, agent, config };
        command.SetAction((result, stop) => RunAsync(result.GetValue(http), result.GetValue(agent), result.GetValue(config), stop));
        return command;
    }

    // One after the other: the main thread has the longer way and is to have a processor of its own.
    private static async Task WarmAsync()
    {
        await StdioHost.WarmAsync();
        Server.Warm();
    }

    private static async Task<int> RunAsync(Uri? http, string? agent, string? config, CancellationToken stop)
    {
        using var logs = StandardErrorLogs.Factory();
        var settings = Options.Load(config);
        await using var server = await Server.StartAsync(settings, agent, logs, TimeProvider.System, stop);
        if (http is null)
        {
            await StdioHost.RunAsync(server.Edge, TimeProvider.System, logs, stop);
            await Warm.Value;
        }
        else
        {
            await HttpHost.RunAsync(server.Edge, new HttpOptions(http, settings.StateFolder), (url, token) => Terminal.Complain($"mcp-infra: serving {url}; the bearer token is in {token}"), logs, stop);
        }

        return ExitCode.Yes;
    }
}
