using System.Security.Claims;
using McpInfra.Host.Edge;
using McpInfra.Host.Edge.Http;
using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol.Server;

namespace McpInfra.TestKit;

/// <summary>The real HTTP server of this process on a free port.</summary>
public sealed class TestHttpServer : IAsyncDisposable
{
    private readonly HttpServer server;

    private TestHttpServer(HttpServer server, string tokenFile) => (this.server, TokenFile) = (server, tokenFile);

    /// <summary>The address that it serves.</summary>
    public Uri Endpoint => server.Endpoint;

    /// <summary>Where the bearer token is.</summary>
    public string TokenFile { get; }

    /// <summary>The bearer token.</summary>
    public string Token => File.ReadAllText(TokenFile);

    /// <summary>Starts one as a release does: with the token of the test server's state folder.</summary>
    public static async Task<TestHttpServer> StartAsync(TestServer test)
    {
        var token = BearerToken.Of(test.StateFolder);
        return new(await HttpServer.StartAsync(test.Edge, new HttpOptions(new Uri("http://127.0.0.1:0"), test.StateFolder), token.Authenticate, NullLoggerFactory.Instance, default), token.Path);
    }

    /// <summary>Starts one that takes anybody for a test person: for clients that cannot send a token. No release can.</summary>
    /// <param name="edge">The edge.</param>
    /// <param name="stateFolder">A folder of the test's own.</param>
    /// <param name="before">What is put before the edge.</param>
    public static async Task<TestHttpServer> StartOpenAsync(McpEdge edge, string stateFolder, Action<McpServerOptions>? before = null)
    {
        var anybody = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "test"), new Claim(ClaimTypes.Name, "test")], "test"));
        return new(await HttpServer.StartAsync(edge, new HttpOptions(new Uri("http://127.0.0.1:0"), stateFolder), _ => anybody, NullLoggerFactory.Instance, default, before), "");
    }

    /// <summary>A real client of it.</summary>
    public Task<RealClient> ConnectAsync(string era = RealClient.PerRequest) => RealClient.OverHttpAsync(Endpoint, Token, era);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => server.DisposeAsync();
}
