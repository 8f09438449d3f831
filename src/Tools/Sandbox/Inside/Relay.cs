using System.Net;
using System.Net.Sockets;

namespace McpInfra.Tools.Sandbox;

/// <summary>The only way out of a cage: a loopback port inside, each connection of which becomes one on the unix socket that leads to our proxy.</summary>
internal sealed class Relay : IDisposable
{
    private const int MostConnections = 256;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly SemaphoreSlim places = new(MostConnections);
    private readonly string socket;

    private Relay(string socket) => this.socket = socket;

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public static Relay Start(string socket)
    {
        var relay = new Relay(socket);
        relay.listener.Start();
        _ = relay.AcceptAsync();
        return relay;
    }

    /// <summary>Stops listening.</summary>
    public void Dispose()
    {
        listener.Dispose();
        places.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            await places.WaitAsync();
            var inner = await listener.AcceptSocketAsync();
            _ = ForwardAsync(inner);
        }
    }

    private async Task ForwardAsync(Socket inner)
    {
        try
        {
            using var outer = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await outer.ConnectAsync(new UnixDomainSocketEndPoint(socket));
            using var near = new NetworkStream(inner, ownsSocket: true);
            using var far = new NetworkStream(outer);
            var outward = CopyAsync(near, far, outer);
            await CopyAsync(far, near, inner); // The proxy closes last, also when the inner side is gone.
            near.Close();
            await outward;
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            inner.Dispose();
        }
        finally
        {
            places.Release();
        }
    }

    private static async Task CopyAsync(NetworkStream from, NetworkStream to, Socket target)
    {
        try
        {
            await from.CopyToAsync(to);
        }
        finally
        {
            target.Shutdown(SocketShutdown.Send);
        }
    }
}
