using System.Buffers;
using System.Runtime.ExceptionServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace McpInfra.Host.Edge.Stdio;

/// <summary>Writes messages, a line each, whole even when many write at once. Those that meet share one write: the first writes, the others' lines gather meanwhile.</summary>
internal sealed class LineWriter(Stream output)
{
    private static readonly JsonTypeInfo<JsonRpcMessage> Shape = (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));

    private const int MostKept = 1024 * 1024;
    private readonly Lock gate = new();
    private Batch gathering = new();
    private Batch? spare;
    private bool writing;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? line;

    /// <summary>Writes a message; when the task has run, the system has it. It is not cancelled, for half a line would spoil the next.</summary>
    /// <exception cref="IOException">Nobody reads any more.</exception>
    public Task WriteAsync(JsonRpcMessage message)
    {
        var buffer = Line();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            JsonSerializer.Serialize(writer, message, Shape);
        }

        return AddAsync(buffer);
    }

    /// <inheritdoc cref="WriteAsync(JsonRpcMessage)"/>
    public Task WriteAsync(string message)
    {
        var buffer = Line();
        Encoding.UTF8.GetBytes(message, buffer);
        return AddAsync(buffer);
    }

    private static ArrayBufferWriter<byte> Line()
    {
        if (line is not { Capacity: <= MostKept })
        {
            line = new ArrayBufferWriter<byte>(16 * 1024);
        }

        line.ResetWrittenCount();
        return line;
    }

    private Task AddAsync(ArrayBufferWriter<byte> buffer)
    {
        buffer.Write("\n"u8);
        Batch mine;
        lock (gate)
        {
            mine = gathering;
            mine.Lines.Write(buffer.WrittenSpan);
            if (writing)
            {
                return mine.Done;
            }

            Take();
        }

        return FirstAsync(mine);
    }

    private void Take() => (writing, gathering, spare) = (true, spare ?? new Batch(), null);

    private async Task FirstAsync(Batch batch)
    {
        if (await WriteAsync(batch) is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    private async Task<Exception?> WriteAsync(Batch batch)
    {
        Exception? failure = null;
        try
        {
            await output.WriteAsync(batch.Lines.WrittenMemory, CancellationToken.None);
            await output.FlushAsync(CancellationToken.None);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        batch.End(failure);
        Next(batch);
        return failure;
    }

    // On a thread of its own: who wrote first goes on.
    private void Next(Batch written)
    {
        Batch? next = null;
        lock (gate)
        {
            spare = written.TryReuse() ? written : spare;
            writing = false;
            if (gathering.Lines.WrittenCount > 0)
            {
                next = gathering;
                Take();
            }
        }

        if (next is not null)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static state => _ = state.Writer.WriteAsync(state.Next), (Writer: this, Next: next), preferLocal: false);
        }
    }

    private sealed class Batch
    {
        private TaskCompletionSource? done;

        public ArrayBufferWriter<byte> Lines { get; } = new(16 * 1024);

        /// <summary>For those who wait; asked for under the gate.</summary>
        public Task Done => (done ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

        public void End(Exception? failure)
        {
            if (failure is null)
            {
                done?.TrySetResult();
            }
            else
            {
                done?.TrySetException(failure);
            }
        }

        public bool TryReuse()
        {
            done = null;
            Lines.ResetWrittenCount();
            return Lines.Capacity <= MostKept;
        }
    }
}
