using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using CsCheck;
using McpInfra.Tools.Sandbox;
using Xunit;

namespace McpInfra.Tools.Tests.Sandbox;

/// <summary>Many connections over one pair of pipes, of which neither side believes the other.</summary>
public sealed class A_trunk
{
    private const int Much = 64 << 20; // More than any kernel keeps for a socket.

    private static readonly Gen<(int Up, int Down)[]> Sizes = Gen.Select(Gen.Int[0, 300_000], Gen.Int[0, 300_000]).Array[1, 24];

    [Fact]
    public Task Carries_every_byte_of_every_connection_both_ways() => Sizes.SampleAsync(
        async sizes =>
        {
            await using var pair = new Pair();
            await Task.WhenAll(sizes.Select(async (size, number) =>
            {
                using var near = await pair.ConnectAsync();
                using var far = await pair.AcceptAsync();
                var (up, down) = (Bytes(size.Up, number), Bytes(size.Down, ~number));
                var sent = Task.WhenAll(SendAsync(near, up), SendAsync(far, down));
                Assert.Equal(up, await ReadAsync(far));
                Assert.Equal(down, await ReadAsync(near));
                await sent;
            }));
        },
        iter: 12);

    [Fact]
    public async Task Holds_up_no_connection_for_another_that_nobody_reads()
    {
        await using var pair = new Pair();
        using var full = await pair.ConnectAsync();
        using var unread = await pair.AcceptAsync();
        var pushed = SendAsync(full, new byte[Much]);
        using var near = await pair.ConnectAsync();
        using var far = await pair.AcceptAsync();
        await SendAsync(near, "through"u8.ToArray());
        Assert.Equal("through"u8.ToArray(), await ReadAsync(far));
        Assert.False(pushed.IsCompleted);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Closes_a_connection_when_either_end_leaves_in_the_middle(bool near)
    {
        await using var pair = new Pair();
        using var one = await pair.ConnectAsync();
        using var other = await pair.AcceptAsync();
        var (leaves, stays) = near ? (one, other) : (other, one);
        leaves.LingerState = new LingerOption(true, 0);
        leaves.Close();
        await Assert.ThrowsAsync<SocketException>(() => SendAsync(stays, new byte[Much]));
    }

    [Fact]
    public async Task Gives_the_place_of_a_connection_to_the_next_however_many_come()
    {
        await using var pair = new Pair();
        for (var number = 0; number < 3 * Trunk.MostConnections; number++)
        {
            using var near = await pair.ConnectAsync();
            using var far = await pair.AcceptAsync();
            far.Shutdown(SocketShutdown.Both);
            Assert.Empty(await ReadAsync(near));
        }
    }

    [Theory]
    [InlineData("Z 1 -", "a letter that is none")]
    [InlineData("D 1 61", "bytes of a connection that nobody opened")]
    [InlineData("O 2 -", "a number out of its order")]
    [InlineData("O 1 -|O 1 -", "a number twice")]
    [InlineData("O 1 61", "an opening that says more")]
    [InlineData("O 1 -|D 1 -", "no bytes")]
    [InlineData("O 1 -|E 1 -|D 1 61", "bytes after the end")]
    [InlineData("O 1 -|E 1 -|E 1 -", "a second end")]
    [InlineData("O 1 -|X 1 -|X 1 -", "a word after the last")]
    [InlineData("O 1 -|M 1 01000000", "more taken than was sent")]
    [InlineData("O 1 -|M 1 FFFFFFFF", "less than nothing taken")]
    [InlineData("O 1 -|M 1 01", "half a number")]
    [InlineData("O 1 -|D 1 *16385", "a frame that is too long")]
    [InlineData("O 1 -|D 1 *16384|D 1 *16384|D 1 *16384|D 1 *16384|D 1 61", "more than the window")]
    [InlineData("O 1 -|D 1 ~2147483647", "a length that is not there")]
    [InlineData("O 1 -|D 1 ~-1", "a length below nothing")]
    public async Task Breaks_with_all_its_connections_when_the_other_side_breaks_the_rules(string frames, string because)
    {
        var said = frames.Split('|').SelectMany(Frame).ToArray();
        Assert.True(await EndsAsync(said) is InvalidDataException, because);
    }

    [Fact]
    public async Task Breaks_when_more_connections_open_than_may()
    {
        var said = Enumerable.Range(1, Trunk.MostConnections + 1).SelectMany(number => Frame($"O {number} -")).ToArray();
        Assert.IsType<InvalidDataException>(await EndsAsync(said));
    }

    [Fact]
    public void Ends_on_any_bytes_at_all() => Gen.Frequency((3, Letters), (1, Gen.Byte.Array[0, 40])).Array[0, 12].Sample(
        parts => EndsAsync([.. parts.SelectMany(part => part)]).GetAwaiter().GetResult() is null or InvalidDataException or EndOfStreamException, iter: 400, threads: 2);

    private static Gen<byte[]> Letters => Gen.Select(Gen.Int[0, 4].Select(at => "ODMEX"[at]), Gen.Int[1, 3], Gen.Byte.Array[0, 6], (letter, number, bytes) => Frame(letter, number, bytes.Length, bytes));

    // What ended it; null when the bytes did.
    private static async Task<Exception?> EndsAsync(byte[] said)
    {
        using var nobody = new TcpListener(IPAddress.Loopback, 0); // Takes connections and says nothing.
        nobody.Start(Trunk.MostConnections + 1);
        using var trunk = new Trunk(new MemoryStream(said), Stream.Null, async () =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(nobody.LocalEndpoint);
            return socket;
        }, Needs.Stop);
        return await Record.ExceptionAsync(() => trunk.HearAsync().WaitAsync(TimeSpan.FromSeconds(30)));
    }

    private static byte[] Frame(string text)
    {
        var parts = text.Split(' ');
        var length = parts[2][0] is '*' or '~' ? int.Parse(parts[2][1..], System.Globalization.CultureInfo.InvariantCulture) : 0;
        byte[] bytes = parts[2][0] switch { '-' or '~' => [], '*' => new byte[length], _ => Convert.FromHexString(parts[2]) };
        return Frame(parts[0][0], int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture), parts[2][0] == '~' ? length : bytes.Length, bytes);
    }

    private static byte[] Frame(char letter, int number, int length, byte[] bytes) => [(byte)letter, .. BitConverter.GetBytes(number), .. BitConverter.GetBytes(length), .. bytes];

    private static byte[] Bytes(int length, int seed)
    {
        var bytes = new byte[length];
        for (var at = 0; at < length; at++)
        {
            bytes[at] = (byte)((at * 31) + (seed * 7) + (at >> 8));
        }

        return bytes;
    }

    private static async Task SendAsync(Socket socket, byte[] bytes)
    {
        for (var sent = 0; sent < bytes.Length;)
        {
            sent += await socket.SendAsync(bytes.AsMemory(sent), Needs.Stop);
        }

        socket.Shutdown(SocketShutdown.Send);
    }

    private static async Task<byte[]> ReadAsync(Socket socket)
    {
        using var all = new MemoryStream();
        var piece = new byte[16 << 10];
        while (await socket.ReceiveAsync(piece, Needs.Stop) is > 0 and var read)
        {
            all.Write(piece, 0, read);
        }

        return all.ToArray();
    }

    /// <summary>Two trunks that hear each other, a listener before the one and another behind the other.</summary>
    private sealed class Pair : IAsyncDisposable
    {
        private readonly CancellationTokenSource ending = new();
        private readonly TcpListener before = new(IPAddress.Loopback, 0);
        private readonly TcpListener behind = new(IPAddress.Loopback, 0);
        private readonly SemaphoreSlim inOrder = new(1);
        private readonly Trunk inner;
        private readonly Trunk outer;
        private readonly Task heard;

        public Pair()
        {
            before.Start();
            behind.Start();
            var (up, down) = (new Pipe(), new Pipe());
            inner = new Trunk(down.Reader.AsStream(), up.Writer.AsStream(), null, ending.Token);
            outer = new Trunk(up.Reader.AsStream(), down.Writer.AsStream(), BeyondAsync, ending.Token);
            heard = Task.WhenAll(inner.HearAsync(), outer.HearAsync());
        }

        private readonly System.Threading.Channels.Channel<Socket> accepted = System.Threading.Channels.Channel.CreateUnbounded<Socket>();

        public async Task<Socket> ConnectAsync()
        {
            await inOrder.WaitAsync(Needs.Stop);
            var near = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await near.ConnectAsync(before.LocalEndpoint, Needs.Stop);
            _ = inner.CarryAsync(await before.AcceptSocketAsync(Needs.Stop));
            return near;
        }

        public async Task<Socket> AcceptAsync()
        {
            var far = await accepted.Reader.ReadAsync(Needs.Stop);
            inOrder.Release();
            return far;
        }

        public async ValueTask DisposeAsync()
        {
            await ending.CancelAsync();
            await Record.ExceptionAsync(() => heard);
            before.Dispose();
            behind.Dispose();
            inner.Dispose();
            outer.Dispose();
            inOrder.Dispose();
            ending.Dispose();
        }

        private async Task<Socket> BeyondAsync()
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(behind.LocalEndpoint);
            await accepted.Writer.WriteAsync(await behind.AcceptSocketAsync());
            return socket;
        }
    }
}
