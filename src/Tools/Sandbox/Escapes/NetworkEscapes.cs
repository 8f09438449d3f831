using System.Net;
using System.Net.Sockets;

namespace McpInfra.Tools.Sandbox.Escapes;

/// <summary>Reaching anything but the one socket.</summary>
internal static class NetworkEscapes
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    public static IReadOnlyList<Escape> All { get; } =
    [
        new("reach the host's loopback", aims => Escape.First(Connects(new IPEndPoint(IPAddress.Loopback, aims.Port)), Connects(new IPEndPoint(IPAddress.IPv6Loopback, aims.Port)))),
        new("reach the cloud's metadata", _ => Escape.First(Connects(new IPEndPoint(IPAddress.Parse("169.254.169.254"), 80)), Connects(new IPEndPoint(IPAddress.Parse("fd00:ec2::254"), 80)))),
        new("reach the internet", _ => Escape.First(Connects(new IPEndPoint(IPAddress.Parse("1.1.1.1"), 443)), Sends(new IPEndPoint(IPAddress.Parse("1.1.1.1"), 53)))),
        new("reach a socket of the host by its abstract name", aims => Connects(new UnixDomainSocketEndPoint($"\0{aims.Socket}"))),
        new("open a raw, packet, netlink, vsock or crypto socket", _ => Escape.First(
            Socket("raw", 2, 3, 1), Socket("packet", 17, 3, 0), Socket("netlink", 16, 3, 0), Socket("vsock", 40, 1, 0), Socket("crypto", 38, 5, 0), Socket("bluetooth", 31, 3, 1))),
    ];

    private static string? Socket(string name, nint family, nint type, nint protocol) => Calls.Reaches(name, 41, 198, family, type, protocol);

    private static string? Connects(EndPoint there)
    {
        using var socket = new Socket(there.AddressFamily, SocketType.Stream, there.AddressFamily is AddressFamily.Unix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        try
        {
            return socket.ConnectAsync(there).Wait(Patience) && socket.Connected ? "it was connected" : null;
        }
        catch (Exception exception) when (exception is SocketException or AggregateException)
        {
            return null;
        }
    }

    // Without a route a datagram is refused where it is made.
    private static string? Sends(IPEndPoint there)
    {
        using var socket = new Socket(there.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            return socket.SendTo([0], there) > 0 ? "a datagram left" : null;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
