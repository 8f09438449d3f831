using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using McpInfra.Guardrails;
using McpInfra.Host.Edge.Wire;
using McpInfra.Host.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Server;

namespace McpInfra.Host.Edge.Http;

/// <summary>A running HTTP server: loopback, one path, both protocol eras on it, chosen by the request's protocol header.</summary>
internal sealed class HttpServer : IAsyncDisposable
{
    private const string VersionHeader = "MCP-Protocol-Version";
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(10);

    // A caller's session belongs to this process and that caller: connecting again begins no new one.
    private readonly byte[] sessionKey = RandomNumberGenerator.GetBytes(32);
    private readonly WebApplication application;
    private SdkEndpoint? withSessions, perRequest;

    private HttpServer(WebApplication application) => this.application = application;

    /// <summary>The address that it serves.</summary>
    public Uri Endpoint { get; private set; } = null!;

    /// <summary>Starts serving.</summary>
    /// <param name="edge">The edge.</param>
    /// <param name="options">Where.</param>
    /// <param name="authenticate">Who sent a request; null when nobody that we know.</param>
    /// <param name="logs">Never standard output.</param>
    /// <param name="stop">Ends the start.</param>
    /// <param name="before">What a test's host puts before the edge; a release puts nothing there.</param>
    /// <exception cref="SettingsException">The address is not loopback, or is taken.</exception>
    public static async Task<HttpServer> StartAsync(
        McpEdge edge, HttpOptions options, Func<HttpContext, ClaimsPrincipal?> authenticate, ILoggerFactory logs, CancellationToken stop, Action<McpServerOptions>? before = null)
    {
        if (options.Fault is { } fault)
        {
            throw new SettingsException(fault);
        }

        var server = new HttpServer(Build(options, logs));
        await server.ConfigureAsync(sdk =>
        {
            before?.Invoke(sdk);
            edge.Configure(sdk, server.PeerOf);
        }, options, logs, stop);
        server.Open(new Doorkeeper(options, authenticate), edge.Unreadable);
        try
        {
            await server.application.StartAsync(stop);
        }
        catch (IOException)
        {
            await server.DisposeAsync();
            throw new SettingsException($"Port {options.Url.Port} of {options.Url.Host} is taken. Choose another port, or end what listens there.");
        }

        server.Endpoint = new Uri(new Uri(server.application.Urls.First()), options.Path);
        return server;
    }

    /// <summary>Takes no more requests and lets those in flight end within 10 s.</summary>
    public async ValueTask DisposeAsync()
    {
        using (var deadline = new CancellationTokenSource(Drain))
        {
            await application.StopAsync(deadline.Token);
        }

        foreach (var endpoint in new[] { withSessions, perRequest })
        {
            if (endpoint is not null)
            {
                await endpoint.DisposeAsync();
            }
        }

        await application.DisposeAsync();
    }

    private static WebApplication Build(HttpOptions options, ILoggerFactory logs)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(logs);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Drain);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyCheck.MostRead;
            kestrel.Limits.MaxConcurrentConnections = options.MostConcurrent * 2;
            if (options.Url.Host == "localhost" && options.Url.Port != 0)
            {
                kestrel.ListenLocalhost(options.Url.Port);
            }
            else
            {
                kestrel.Listen(options.Url.Host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(options.Url.Host.Trim('[', ']')), options.Url.Port);
            }
        });
        return builder.Build();
    }

    private async Task ConfigureAsync(Action<McpServerOptions> configure, HttpOptions options, ILoggerFactory logs, CancellationToken stop)
    {
        withSessions = await SdkEndpoint.StartAsync(configure, options, sessions: true, application.Lifetime, logs, stop);
        perRequest = await SdkEndpoint.StartAsync(configure, options, sessions: false, application.Lifetime, logs, stop);
    }

    private void Open(Doorkeeper door, UnreadableMessages unreadable)
    {
        var body = new BodyCheck(unreadable, context => Peer(context.User.Identity?.Name));
        application.Run(context => door.PassAsync(context, within => body.PassAsync(within, HandleAsync)));
    }

    private Task HandleAsync(HttpContext context) =>
        (Era.IsPerRequest(context.Request.Headers[VersionHeader]) ? perRequest! : withSessions!).HandleAsync(context);

    private Peer PeerOf(MessageContext context) => Peer(context.User?.Identity?.Name);

    private Peer Peer(string? person) =>
        new("http", person, "http_" + Convert.ToHexStringLower(HMACSHA256.HashData(sessionKey, Encoding.UTF8.GetBytes(person ?? "")))[..32], Client: null);
}
