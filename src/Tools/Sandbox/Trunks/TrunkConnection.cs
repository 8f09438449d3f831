using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace McpInfra.Tools.Sandbox;

/// <summary>One connection of a trunk, as one side has it.</summary>
internal sealed class TrunkConnection(uint number, Trunk trunk)
{
    private readonly Lock state = new();
    private readonly TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Pipe came = new(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false)); // The window bounds it.
    private TaskCompletionSource? waiting;
    private Socket? near;
    private int sent; // And not taken on yet, by the other side.
    private int unread; // And not taken on yet, here.
    private bool heardEnd;
    private bool heardLast;
    private bool saidLast;
    private bool delivered;
    private bool dropped;

    /// <summary>Carries bytes both ways between the trunk and a socket, and closes it. Throws nothing: a connection that breaks is closed on both sides.</summary>
    public async Task CarryAsync(Func<Task<Socket>> connect)
    {
        await Task.Yield();
        try
        {
            var socket = await connect();
            using var stream = new NetworkStream(socket, ownsSocket: true);
            Hold(socket);
            await Task.WhenAll(OrDropAsync(SendAsync(stream)), OrDropAsync(DeliverAsync(stream, socket)));
        }
        catch (Exception exception) when (IsOfConnection(exception))
        {
            // Either side of it is gone: the other hears the last word.
        }

        await LeaveAsync();
    }

    /// <summary>Takes a frame of the other side.</summary>
    /// <exception cref="InvalidDataException">It breaks the rules.</exception>
    public void Take(TrunkLetter letter, ReadOnlySpan<byte> bytes)
    {
        lock (state)
        {
            if (heardLast)
            {
                throw Trunk.Broken();
            }

            switch (letter)
            {
                case TrunkLetter.Bytes when bytes.Length > 0 && !heardEnd && (unread += bytes.Length) <= Trunk.Window:
                    if (!dropped)
                    {
                        came.Writer.Write(bytes);
                        _ = came.Writer.FlushAsync().AsTask(); // It waits for nothing.
                    }

                    break;
                case TrunkLetter.More when bytes.Length == 4 && BinaryPrimitives.ReadInt32LittleEndian(bytes) is > 0 and var taken && taken <= sent:
                    sent -= taken;
                    waiting?.TrySetResult();
                    break;
                case TrunkLetter.Ends when bytes.Length == 0 && !heardEnd:
                    heardEnd = true;
                    EndOfWhatCame(null);
                    break;
                case TrunkLetter.Last when bytes.Length == 0:
                    heardLast = true;
                    HeardLast();
                    break;
                default:
                    throw Trunk.Broken();
            }
        }
    }

    /// <summary>Closes it here at once.</summary>
    public void Drop()
    {
        lock (state)
        {
            if (dropped)
            {
                return;
            }

            dropped = true;
            near?.Dispose();
            waiting?.TrySetResult();
            if (!heardEnd)
            {
                EndOfWhatCame(new IOException("The connection broke off."));
            }
        }
    }

    private static bool IsOfConnection(Exception exception) => exception is IOException or SocketException or ObjectDisposedException or OperationCanceledException;

    private void EndOfWhatCame(Exception? fault) => came.Writer.Complete(fault);

    // Who has had all that was for it still gets what was on its way; nobody hears what it would say.
    private void HeardLast()
    {
        if (!heardEnd || delivered)
        {
            Drop();
        }

        gone.TrySetResult();
        if (saidLast)
        {
            trunk.Forget(number);
        }
    }

    private void Hold(Socket socket)
    {
        lock (state)
        {
            near = socket;
            if (dropped)
            {
                socket.Dispose();
            }
        }
    }

    private async Task OrDropAsync(Task way)
    {
        try
        {
            await way;
        }
        catch (Exception exception) when (IsOfConnection(exception))
        {
            Drop();
        }
    }

    private async Task SendAsync(NetworkStream from)
    {
        var piece = new byte[Trunk.Piece];
        while (await from.ReadAsync(piece.AsMemory(0, await RoomAsync())) is > 0 and var read)
        {
            lock (state)
            {
                sent += read;
            }

            await trunk.SayAsync(TrunkLetter.Bytes, number, piece.AsMemory(0, read));
        }

        await trunk.SayAsync(TrunkLetter.Ends, number);
    }

    private async Task<int> RoomAsync()
    {
        while (true)
        {
            Task more;
            lock (state)
            {
                if (dropped)
                {
                    throw new IOException("The connection broke off.");
                }

                if (sent < Trunk.Window)
                {
                    return Math.Min(Trunk.Piece, Trunk.Window - sent);
                }

                more = (waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await more;
        }
    }

    private async Task DeliverAsync(NetworkStream to, Socket socket)
    {
        while (await came.Reader.ReadAsync() is var read && (!read.IsCompleted || !read.Buffer.IsEmpty))
        {
            foreach (var bytes in read.Buffer)
            {
                await to.WriteAsync(bytes);
            }

            var taken = (int)read.Buffer.Length;
            came.Reader.AdvanceTo(read.Buffer.End);
            lock (state)
            {
                unread -= taken;
            }

            await trunk.SayAsync(TrunkLetter.More, number, Wire.Number(taken));
        }

        socket.Shutdown(SocketShutdown.Send);
        bool unheard;
        lock (state)
        {
            (delivered, unheard) = (true, heardLast);
        }

        if (unheard)
        {
            Drop();
        }
    }

    // The place is free when both sides have said their last word, and this one's is on its way before another connection opens.
    private async Task LeaveAsync()
    {
        Drop();
        await came.Reader.CompleteAsync();
        bool forget;
        lock (state)
        {
            saidLast = true;
            forget = heardLast;
        }

        if (forget)
        {
            trunk.Forget(number);
        }

        try
        {
            await trunk.SayAsync(TrunkLetter.Last, number);
        }
        catch (Exception exception) when (IsOfConnection(exception))
        {
            return; // The trunk itself is gone.
        }

        await Task.WhenAny(gone.Task, trunk.Over);
    }
}
