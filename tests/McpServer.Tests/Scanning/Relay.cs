using System.Net;
using System.Net.Sockets;

namespace McpInfra.Host.Tests.Scanning;

/// <summary>Hands connections of loopback on to a server there, and calls at the so-manieth time that anything is sent to it.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ending = new();
    private readonly List<Task> running = [];
    private readonly int to;
    private readonly Action reached;
    private int left;

    /// <param name="to">The server's port.</param>
    /// <param name="at">At which sending.</param>
    /// <param name="reached">What is called.</param>
    public Relay(int to, int at, Action reached)
    {
        (this.to, left, this.reached) = (to, at, reached);
        listener.Start();
        running.Add(AcceptAsync());
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        listener.Stop();
        Task[] all;
        lock (running)
        {
            all = [.. running];
        }

        await Task.WhenAll(all).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await listener.AcceptTcpClientAsync(ending.Token);
            lock (running)
            {
                running.Add(HandAsync(client));
            }
        }
    }

    private async Task HandAsync(TcpClient client)
    {
        using var from = client;
        using var server = new TcpClient { NoDelay = true };
        await server.ConnectAsync(IPAddress.Loopback, to, ending.Token);
        client.NoDelay = true;
        await Task.WhenAny(CopyAsync(client.GetStream(), server.GetStream(), counts: true), CopyAsync(server.GetStream(), client.GetStream(), counts: false));
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, bool counts)
    {
        var bytes = new byte[16_384];
        while (await from.ReadAsync(bytes, ending.Token) is > 0 and var read)
        {
            if (counts && Interlocked.Decrement(ref left) == 0)
            {
                reached();
            }

            await to.WriteAsync(bytes.AsMemory(0, read), ending.Token);
        }
    }
}
