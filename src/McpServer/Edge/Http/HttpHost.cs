using McpInfra.Host.Edge.Stdio;
using McpInfra.Host.Settings;
using Microsoft.Extensions.Logging;

namespace McpInfra.Host.Edge.Http;

/// <summary>Serves clients of this machine over streamable HTTP: loopback, a bearer token, Host and Origin checked.</summary>
public static class HttpHost
{
    /// <summary>Serves until Ctrl-C, SIGTERM or the token; calls in flight may end within 10 s.</summary>
    /// <param name="edge">The edge.</param>
    /// <param name="options">Where and for whom.</param>
    /// <param name="started">Told the address, and the path of the token's file, once it serves.</param>
    /// <param name="logs">Never standard output.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="SettingsException">The address is not loopback or is taken, or the token cannot be used; the message says what mends it.</exception>
    public static async Task RunAsync(McpEdge edge, HttpOptions options, Action<Uri, string> started, ILoggerFactory logs, CancellationToken stop)
    {
        if (options.Fault is { } fault)
        {
            throw new SettingsException(fault);
        }

        var token = BearerToken.Of(options.StateFolder);
        using var signals = new Signals(stop);
        await using var server = await HttpServer.StartAsync(edge, options, token.Authenticate, logs, signals.Token);
        started(server.Endpoint, token.Path);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = signals.Token.Register(ended.SetResult);
        await ended.Task;
    }
}
