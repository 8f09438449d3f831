using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace McpInfra.Host.Edge.Stdio;

/// <summary>Writes messages, one line and one write each, whole even when many write at once.</summary>
#pragma warning disable CA1001 // The semaphore holds nothing of the system, and late answers may still come to it.
internal sealed class LineWriter(Stream output)
#pragma warning restore CA1001
{
    private static readonly System.Text.Json.Serialization.Metadata.JsonTypeInfo<JsonRpcMessage> Shape =
        (System.Text.Json.Serialization.Metadata.JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));

    private const int Usual = 16 * 1024;
    private const int MostKept = 256 * 1024;
    private const int MostIdle = 8;
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly ConcurrentBag<ArrayBufferWriter<byte>> idle = [];

    public Task WriteAsync(JsonRpcMessage message, CancellationToken stop) => WriteAsync(buffer =>
    {
        LongText.Within(message);
        using var writer = new Utf8JsonWriter(buffer);
        JsonSerializer.Serialize(writer, message, Shape);
    }, stop);

    public Task WriteAsync(string line, CancellationToken stop) =>
        WriteAsync(buffer => System.Text.EncodingExtensions.GetBytes(System.Text.Encoding.UTF8, line, buffer), stop);

    private async Task WriteAsync(Action<ArrayBufferWriter<byte>> fill, CancellationToken stop)
    {
        var buffer = idle.TryTake(out var rested) ? rested : new ArrayBufferWriter<byte>(Usual);
        buffer.ResetWrittenCount();
        fill(buffer);
        buffer.Write("\n"u8);
        await gate.WaitAsync(stop);
        try
        {
            await output.WriteAsync(buffer.WrittenMemory, CancellationToken.None); // Half a line would spoil the next.
            await output.FlushAsync(CancellationToken.None);
        }
        finally
        {
            gate.Release();
            if (buffer.Capacity <= MostKept && idle.Count < MostIdle)
            {
                idle.Add(buffer);
            }
        }
    }
}
