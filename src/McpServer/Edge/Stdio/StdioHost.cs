using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using McpInfra.Guardrails;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol.Server;

namespace McpInfra.Host.Edge.Stdio;

/// <summary>Serves one client over standard input and output: its session is the process, its person the operating system's user.</summary>
public static class StdioHost
{
    private const string FirstMessage =
        """{"jsonrpc":"2.0","id":1,"method":"server/discover","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/clientInfo":{"name":"","version":""}}}}""";

    private static readonly TimeSpan AtSignal = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AtEndOfInput = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan AfterCancelling = TimeSpan.FromMilliseconds(400);

    /// <summary>
    /// Serves until the end of input (what runs is cancelled), or until Ctrl-C, SIGTERM or the token (calls in flight may end within 10 s).
    /// Nothing but the protocol reaches standard output.
    /// </summary>
    public static async Task RunAsync(McpEdge edge, TimeProvider time, ILoggerFactory logs, CancellationToken stop)
    {
        await using var output = new WrittenAtOnce(Console.OpenStandardOutput());
        Console.SetOut(Console.Error);
        await using var input = Console.OpenStandardInput();
        using var signals = new Signals(stop);
        await RunAsync(edge, ReadAside.Of(input), output, time, logs, signals.Token);
    }

    /// <summary>
    /// Runs one message through the SDK, so that its code is compiled while the rest of the server is put together on another thread:
    /// half of the time to the first answer is the compiler's.
    /// </summary>
    public static async Task WarmAsync()
    {
        var input = PipeReader.Create(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(FirstMessage)));
        var nobody = new Peer("stdio", null, "", null);
        await using var transport = new LineTransport(input, Stream.Null, unreadable: null, nobody, NullLoggerFactory.Instance);
        using var cancel = new CancellationTokenSource();
        var running = McpServer.Create(transport, new McpServerOptions(), NullLoggerFactory.Instance).RunAsync(cancel.Token);
        await transport.EndOfInput;
        await transport.DrainAsync(AtSignal, TimeProvider.System);
        await cancel.CancelAsync();
        await running;
    }

    /// <summary>The same over any two ends.</summary>
    internal static async Task RunAsync(McpEdge edge, PipeReader input, Stream output, TimeProvider time, ILoggerFactory logs, CancellationToken stop)
    {
        var peer = new Peer("stdio", Environment.UserName, "stdio_" + Guid.NewGuid().ToString("N"), Client: null);
        await using var transport = new LineTransport(input, output, edge.Unreadable, peer, logs);
        using var cancel = new CancellationTokenSource();

        // Not disposed here: that waits for calls that do not heed being cancelled, and the end of the process does not.
        var running = McpServer.Create(transport, edge.Options(_ => peer), logs).RunAsync(cancel.Token);
        try
        {
            await transport.EndOfInput.WaitAsync(stop);
            await transport.DrainAsync(AtEndOfInput, time);
        }
        catch (OperationCanceledException)
        {
            transport.StopReading();
            await transport.DrainAsync(AtSignal, time);
        }

        await cancel.CancelAsync();
        await Task.WhenAny(running, Task.Delay(AfterCancelling, time, CancellationToken.None));
    }
}
