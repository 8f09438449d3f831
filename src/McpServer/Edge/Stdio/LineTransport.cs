using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using McpInfra.Guardrails;
using McpInfra.Host.Edge.Wire;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace McpInfra.Host.Edge.Stdio;

/// <summary>
/// MCP over lines: every message's bytes are checked before they are parsed, and what cannot be read is answered and put on the trail here.
/// Stops reading while too many requests wait for their answers.
/// </summary>
internal sealed class LineTransport : TransportBase
{
    private const int MostInFlight = 256;
    private static readonly JsonTypeInfo<JsonRpcMessage> Shape = (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));

    private readonly ConcurrentDictionary<RequestId, Flights.Flight?> inFlight = new();
    private readonly Flights flights = new();
    private readonly SemaphoreSlim answered = new(0, 1);
    private readonly CancellationTokenSource stopReading = new();
    private readonly LineReader reader;
    private readonly LineWriter writer;
    private readonly UnreadableMessages? unreadable;
    private readonly Peer peer;

    public LineTransport(PipeReader input, Stream output, UnreadableMessages? unreadable, Peer peer, ILoggerFactory logs)
        : base("stdio", logs)
    {
        (reader, writer, this.unreadable, this.peer) = (new LineReader(input), new LineWriter(output), unreadable, peer);
        SetConnected();
        EndOfInput = Task.Run(ReadAsync);
    }

    /// <summary>Ends when there is nothing more to read, or reading was stopped.</summary>
    public Task EndOfInput { get; }

    /// <summary>Takes no further message; what was taken goes on and can answer.</summary>
    public void StopReading() => stopReading.Cancel();

    /// <inheritdoc/>
    public override async Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
    {
        await writer.WriteAsync(message);
        if (message is JsonRpcResponse or JsonRpcError)
        {
            Forget(((JsonRpcMessageWithId)message).Id);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await stopReading.CancelAsync();
        SetDisconnected();
    }

    /// <summary>Waits until every request that was taken has its answer, at most for the time given.</summary>
    public Task DrainAsync(TimeSpan most, TimeProvider time) => flights.DrainAsync(most, time);

    private async Task ReadAsync()
    {
        try
        {
            await foreach (var line in reader.ReadAsync(stopReading.Token))
            {
                await TakeAsync(line);
                while (inFlight.Count >= MostInFlight)
                {
                    await answered.WaitAsync(stopReading.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
        catch (IOException)
        {
            // The other end is gone, which is an end of input like any other.
        }
    }

    private async Task TakeAsync(LineReader.Line line)
    {
        if (Parse(line, out var fault) is { } message)
        {
            Remember(message);
            await WriteMessageAsync(message, stopReading.Token);
            return;
        }

        if (unreadable is not null)
        {
            await unreadable.RecordAsync(fault!, line.Length, peer);
        }

        await writer.WriteAsync(fault!.Response);
    }

    private static JsonRpcMessage? Parse(LineReader.Line line, out Unreadable? fault)
    {
        fault = line.Length > MessageCheck.MostBytes ? Unreadable.TooLong : MessageCheck.Check(line.Bytes.Span);
        if (fault is not null)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(line.Bytes.Span, Shape);
        }
        catch (JsonException)
        {
            fault = Unreadable.Envelope;
            return null;
        }
    }

    private void Remember(JsonRpcMessage message)
    {
        if (message is JsonRpcRequest request)
        {
            // A subscription is answered only when it ends, so nothing waits for its answer.
            Flights.Flight? flight = request.Method == RequestMethods.SubscriptionsListen ? null : flights.Enter();
            if (!inFlight.TryAdd(request.Id, flight))
            {
                flight?.Dispose();
            }
        }
        else if (message is JsonRpcNotification { Method: NotificationMethods.CancelledNotification } cancelled && Cancelled(cancelled) is { } id)
        {
            Forget(id); // A cancelled request gets no answer.
        }
    }

    private static RequestId? Cancelled(JsonRpcNotification notification)
    {
        try
        {
            return notification.Params?["requestId"] is { } id ? id.Deserialize<RequestId>(McpJsonUtilities.DefaultOptions) : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private void Forget(RequestId id)
    {
        if (!inFlight.TryRemove(id, out var flight))
        {
            return;
        }

        flight?.Dispose();
        if (answered.CurrentCount == 0)
        {
            try
            {
                answered.Release();
            }
            catch (SemaphoreFullException)
            {
                // Another answer woke the reader in the same moment.
            }
        }
    }
}
