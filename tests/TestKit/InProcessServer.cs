using System.IO.Pipelines;
using McpInfra.Host.Edge;
using McpInfra.Host.Edge.Stdio;
using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol.Protocol;

namespace McpInfra.TestKit;

/// <summary>A server of this process that serves lines over pipes in memory, as stdio does.</summary>
public sealed class InProcessServer : IAsyncDisposable
{
    private readonly Pipe requests = new();
    private readonly Pipe responses = new();
    private readonly CancellationTokenSource stop = new();
    private readonly Task serving;

    /// <summary>Starts serving.</summary>
    public InProcessServer(TestServer server)
        : this(server.Edge)
    {
    }

    /// <summary>Starts serving an edge.</summary>
    public InProcessServer(McpEdge edge)
    {
        Input = requests.Writer.AsStream();
        Output = responses.Reader.AsStream();
        serving = StdioHost.RunAsync(edge, requests.Reader, responses.Writer.AsStream(), TimeProvider.System, NullLoggerFactory.Instance, stop.Token);
    }

    /// <summary>What the server reads.</summary>
    public Stream Input { get; }

    /// <summary>What the server writes.</summary>
    public Stream Output { get; }

    /// <summary>Ends when the server has ended.</summary>
    public Task Serving => serving;

    /// <summary>A real client of it.</summary>
    public Task<RealClient> ConnectAsync(string era = RealClient.PerRequest) =>
        RealClient.OverAsync(new StreamClientTransport(Input, Output), era);

    /// <summary>Tells the server to drain and end, as SIGTERM does.</summary>
    public void Terminate() => stop.Cancel();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await requests.Writer.CompleteAsync();
        await serving.WaitAsync(TimeSpan.FromSeconds(20));
        await responses.Writer.CompleteAsync();
        stop.Dispose();
    }
}
