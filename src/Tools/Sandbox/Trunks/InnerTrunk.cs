using System.Net.Sockets;

namespace McpInfra.Tools.Sandbox;

/// <summary>The end of a trunk inside a cage: a unix socket there, whose connections go over standard output and input.</summary>
internal static class InnerTrunk
{
    /// <summary>Listens at a path until the other side ends; says so by one letter as soon as it does.</summary>
    public static async Task RunAsync(string socket, Stream input, Stream output)
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(socket));
        listener.Listen();
        await Wire.WriteAsync(output, Wire.Result, CancellationToken.None);
        using var trunk = new Trunk(input, output, beyond: null, CancellationToken.None);
        _ = AcceptAsync(listener, trunk);
        await trunk.HearAsync();
    }

    private static async Task AcceptAsync(Socket listener, Trunk trunk)
    {
        using var places = new SemaphoreSlim(Trunk.MostConnections);
        while (true)
        {
            await places.WaitAsync();
            _ = CarryAsync(await listener.AcceptAsync(), trunk, places);
        }
    }

    private static async Task CarryAsync(Socket near, Trunk trunk, SemaphoreSlim places)
    {
        try
        {
            await trunk.CarryAsync(near);
        }
        finally
        {
            near.Dispose();
            places.Release();
        }
    }
}
