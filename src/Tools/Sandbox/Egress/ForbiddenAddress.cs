using System.Net;
using System.Net.Sockets;

namespace McpInfra.Tools.Sandbox.Egress;

/// <summary>Addresses that nothing in a cage may reach by any name: those where clouds hand out identities, link-local, multicast and unspecified ones.</summary>
public static class ForbiddenAddress
{
    private static readonly IPNetwork[] Networks =
    [
        .. new[]
        {
            "0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4", // this network, link-local with most metadata services, multicast, reserved
            "100.100.100.200/32", "168.63.129.16/32", "192.0.0.192/32", // metadata of Alibaba Cloud, Azure's wire server, Oracle's
            "::/128", "fe80::/10", "ff00::/8", "fec0::/10", "fd00:ec2::254/128", "fd20:ce::254/128", // and of AWS and Google over IPv6
        }.Select(network => IPNetwork.Parse(network)),
    ];

    /// <summary>Whether the address, or one that it carries inside it, is forbidden.</summary>
    public static bool Contains(IPAddress address) => Forms(address).Any(form => Array.Exists(Networks, network => network.Contains(form)));

    /// <summary>Connects to the host unless one of its addresses is forbidden: for <see cref="System.Net.Http.SocketsHttpHandler.ConnectCallback"/>.</summary>
    /// <exception cref="ForbiddenAddressException">One is; nothing was sent.</exception>
    /// <exception cref="SocketException">It has no address, or does not answer.</exception>
    public static async ValueTask<Stream> ConnectAsync(DnsEndPoint host, CancellationToken stop)
    {
        var addresses = await Dns.GetHostAddressesAsync(host.Host, stop);
        if (addresses.Any(Contains))
        {
            throw new ForbiddenAddressException();
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, host.Port, stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static IEnumerable<IPAddress> Forms(IPAddress address)
    {
        address = address.AddressFamily is AddressFamily.InterNetworkV6 ? new IPAddress(address.GetAddressBytes()) : address; // Without its scope.
        yield return address;
        if (address.AddressFamily is not AddressFamily.InterNetworkV6)
        {
            yield break;
        }

        var bytes = address.GetAddressBytes();
        if (address.IsIPv4MappedToIPv6)
        {
            yield return address.MapToIPv4();
        }
        else if (bytes.AsSpan(0, 12).IndexOfAnyExcept((byte)0) < 0 && !IPAddress.IsLoopback(address)) // IPv4-compatible
        {
            yield return new IPAddress(bytes.AsSpan(12));
        }
        else if (bytes is [0x20, 0x02, ..]) // 6to4
        {
            yield return new IPAddress(bytes.AsSpan(2, 4));
        }
        else if (bytes is [0x00, 0x64, 0xff, 0x9b, ..]) // NAT64
        {
            yield return new IPAddress(bytes.AsSpan(12));
        }
    }
}

/// <summary>A host leads to an address that nothing may be asked at.</summary>
public sealed class ForbiddenAddressException() : Exception("a link-local, metadata or other forbidden address");
