using System.Net;
using System.Net.Sockets;

namespace McpInfra.Tools.Sandbox.Egress;

/// <summary>What lies beyond the proxy: names resolved once, no forbidden address, and so many bytes in all.</summary>
internal sealed class EgressReach(Outside outside, EgressLimits limits)
{
    private long bytes;

    /// <summary>A connection to an endpoint, or in our own words why there is none.</summary>
    public async Task<(Socket? Socket, string Fault)> ConnectAsync(Endpoint endpoint, CancellationToken stop)
    {
        try
        {
            var addresses = IPAddress.TryParse(endpoint.Host, out var literal) ? [literal] : await outside.Resolve(endpoint.Host, stop);
            if (addresses.Any(ForbiddenAddress.Contains))
            {
                return (null, "it resolves to a link-local, metadata or other forbidden address");
            }

            foreach (var address in addresses)
            {
                var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    await socket.ConnectAsync(new IPEndPoint(address, outside.Port(endpoint)), stop);
                    return (socket, "");
                }
                catch (SocketException)
                {
                    socket.Dispose();
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            }

            return (null, "it does not answer");
        }
        catch (SocketException)
        {
            return (null, "its name does not resolve");
        }
    }

    /// <summary>The same as a stream whose bytes are counted.</summary>
    /// <exception cref="EgressRefusedException">There is no connection, and why.</exception>
    public async Task<Stream> OpenAsync(Endpoint endpoint, CancellationToken stop)
    {
        var (socket, fault) = await ConnectAsync(endpoint, stop);
        return socket is null ? throw new EgressRefusedException(fault) : Counted(new NetworkStream(socket, ownsSocket: true));
    }

    /// <summary>A stream that ends when the run has spent what it may.</summary>
    public CountedStream Counted(Stream stream) => new(stream, count => Interlocked.Add(ref bytes, count) <= limits.Bytes);
}
