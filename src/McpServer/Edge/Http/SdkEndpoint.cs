using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Server;

namespace McpInfra.Host.Edge.Http;

/// <summary>The SDK's HTTP handler for one protocol era, in a container of its own: two of them share an address, which one container does not allow.</summary>
internal sealed class SdkEndpoint : IAsyncDisposable
{
    private readonly ServiceProvider services;
    private readonly IReadOnlyList<RouteEndpoint> endpoints;

    private SdkEndpoint(ServiceProvider services)
    {
        this.services = services;
        var routes = new Routes(services);
        routes.MapMcp();
        endpoints = [.. routes.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()];
    }

    /// <summary>A handler that keeps sessions, or one that keeps nothing.</summary>
    public static async Task<SdkEndpoint> StartAsync(
        Action<McpServerOptions> configure, HttpOptions options, bool sessions, IHostApplicationLifetime lifetime, ILoggerFactory logs, CancellationToken stop)
    {
        var collection = new ServiceCollection();
        collection.AddSingleton(lifetime).AddSingleton(logs).AddLogging().AddRouting();
        collection.AddMcpServer(configure).WithHttpTransport(http =>
        {
            http.SessionMode = sessions ? HttpServerSessionMode.Stateful : HttpServerSessionMode.Stateless;
#pragma warning disable MCP9006 // Sessions are how clients up to 2025-11-25 work, and they are bounded here.
            http.IdleTimeout = options.IdleSession;
            http.MaxIdleSessionCount = options.MostSessions;
#pragma warning restore MCP9006
        });
        var endpoint = new SdkEndpoint(collection.BuildServiceProvider());
        foreach (var hosted in endpoint.services.GetServices<IHostedService>())
        {
            await hosted.StartAsync(stop);
        }

        return endpoint;
    }

    /// <summary>Handles a request by its HTTP method.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var endpoint = endpoints.FirstOrDefault(candidate => candidate.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains(context.Request.Method) is true);
        if (endpoint?.RequestDelegate is not { } handle)
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        await using var scope = services.CreateAsyncScope();
        context.RequestServices = scope.ServiceProvider;
        await handle(context);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var hosted in services.GetServices<IHostedService>())
        {
            await hosted.StopAsync(CancellationToken.None);
        }

        await services.DisposeAsync();
    }

    private sealed class Routes(IServiceProvider services) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider => services;

        public ICollection<EndpointDataSource> DataSources { get; } = [];

        public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(services);
    }
}
