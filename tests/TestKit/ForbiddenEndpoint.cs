using System.Net;
using System.Net.Sockets;

namespace McpInfra.TestKit;

/// <summary>An attacker's endpoint on loopback, which nobody is to reach: it counts who does.</summary>
public sealed class ForbiddenEndpoint : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private int reached;

    /// <summary>Listens from now on.</summary>
    public ForbiddenEndpoint()
    {
        listener.Start();
        _ = CountAsync();
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Connections so far.</summary>
    public int Reached => Volatile.Read(ref reached);

    /// <summary>Listens no more.</summary>
    public void Dispose() => listener.Dispose();

    private async Task CountAsync()
    {
        try
        {
            while (true)
            {
                using var one = await listener.AcceptTcpClientAsync();
                Interlocked.Increment(ref reached);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The tests are over.
        }
    }
}
