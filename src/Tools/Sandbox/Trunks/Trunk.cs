using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Sockets;

namespace McpInfra.Tools.Sandbox;

/// <summary>
/// Many connections over one pair of pipes, for where a unix socket does not pass. A frame is a letter, the connection's number and a length, little-endian, and so many bytes:
/// `O` opens, `D` carries bytes, `M` says how many of them were taken on, `E` ends what one side sends, and `X` is a side's last word on a connection.
/// A side has at most <see cref="Window"/> bytes of a connection under way that were not taken on, so none holds up another and nothing grows.
/// Neither side believes the other: whatever breaks these rules breaks the trunk with all its connections.
/// </summary>
internal sealed class Trunk : IDisposable
{
    public const int Window = 64 << 10;
    public const int Piece = 16 << 10;
    public const int MostConnections = 256;

    private const int Head = 9;

    private readonly ConcurrentDictionary<uint, TrunkConnection> open = new();
    private readonly SemaphoreSlim writing = new(1);
    private readonly Stream input;
    private readonly Stream output;
    private readonly CancellationToken stop;
    private readonly Func<Task<Socket>>? beyond;
    private readonly TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private uint last;

    /// <param name="input">What the other side says.</param>
    /// <param name="output">What it hears.</param>
    /// <param name="beyond">Where connections that the other side opens lead; null when it may open none.</param>
    /// <param name="stop">Ends every write.</param>
    public Trunk(Stream input, Stream output, Func<Task<Socket>>? beyond, CancellationToken stop) =>
        (this.input, this.output, this.beyond, this.stop) = (new BufferedStream(input, Window), output, beyond, stop);

    /// <summary>Carries a connection of this side to its end, and closes it. Opens at most <see cref="MostConnections"/> at once; whoever calls sees to that.</summary>
    public async Task CarryAsync(Socket near)
    {
        TrunkConnection connection;
        await writing.WaitAsync(stop);
        try
        {
            connection = open[++last] = new TrunkConnection(last, this); // Numbers go out in their order.
            await WriteAsync(TrunkLetter.Opens, last, default);
        }
        finally
        {
            writing.Release();
        }

        await connection.CarryAsync(() => Task.FromResult(near));
    }

    /// <summary>Hears the other side until it ends.</summary>
    /// <exception cref="InvalidDataException">It broke the rules.</exception>
    /// <exception cref="IOException">It broke off in the middle of a frame.</exception>
    public async Task HearAsync()
    {
        var head = new byte[Head];
        var bytes = new byte[Piece];
        try
        {
            while (await input.ReadAtLeastAsync(head, Head, throwOnEndOfStream: false, stop) is var read and > 0)
            {
                var length = BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(5));
                if (read < Head || length is < 0 or > Piece)
                {
                    throw Broken();
                }

                await input.ReadExactlyAsync(bytes.AsMemory(0, length), stop);
                Take((TrunkLetter)head[0], BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(1)), bytes.AsSpan(0, length));
            }
        }
        finally
        {
            over.SetResult();
            foreach (var connection in open.Values)
            {
                connection.Drop();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => writing.Dispose();

    /// <summary>Ends when the other side is not heard any more.</summary>
    internal Task Over => over.Task;

    internal static InvalidDataException Broken() => new("The other side broke the rules of the trunk.");

    /// <summary>Says something of a connection.</summary>
    internal async Task SayAsync(TrunkLetter letter, uint number, ReadOnlyMemory<byte> bytes = default)
    {
        await writing.WaitAsync(stop);
        try
        {
            await WriteAsync(letter, number, bytes);
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>Forgets a connection of which both sides have said their last word.</summary>
    internal void Forget(uint number) => open.TryRemove(number, out _);

    // It never waits for anything but the other side: what a connection has to say, the connection's own task says.
    private void Take(TrunkLetter letter, uint number, ReadOnlySpan<byte> bytes)
    {
        if (letter is TrunkLetter.Opens)
        {
            if (beyond is null || number != last + 1 || bytes.Length > 0 || open.Count >= MostConnections)
            {
                throw Broken();
            }

            last = number;
            var connection = open[number] = new TrunkConnection(number, this);
            _ = connection.CarryAsync(beyond);
        }
        else if (open.TryGetValue(number, out var known))
        {
            known.Take(letter, bytes);
        }
        else
        {
            throw Broken();
        }
    }

    private async Task WriteAsync(TrunkLetter letter, uint number, ReadOnlyMemory<byte> bytes)
    {
        var frame = new byte[Head + bytes.Length];
        frame[0] = (byte)letter;
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(1), number);
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(5), bytes.Length);
        bytes.CopyTo(frame.AsMemory(Head));
        await output.WriteAsync(frame, stop);
        await output.FlushAsync(stop);
    }
}

/// <summary>What a frame says.</summary>
internal enum TrunkLetter : byte
{
    /// <summary>A connection opens.</summary>
    Opens = (byte)'O',

    /// <summary>Bytes of it.</summary>
    Bytes = (byte)'D',

    /// <summary>So many bytes were taken on, four bytes.</summary>
    More = (byte)'M',

    /// <summary>This side sends no more of it.</summary>
    Ends = (byte)'E',

    /// <summary>This side says no more of it, and takes nothing on.</summary>
    Last = (byte)'X',
}
