using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace McpInfra.Tools.Sandbox.Egress;

/// <summary>
/// The only way out of a cage: an HTTP proxy on a unix socket that lets through listed endpoints, resolves names itself, never reaches a forbidden address, and records every attempt.
/// </summary>
public sealed class EgressProxy : IAsyncDisposable
{
    private const int MostRecords = 1000;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly Func<string, CancellationToken, Task<IPAddress[]>> resolve;
    private readonly EgressLimits limits;
    private readonly string folder;
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource ending = new();
    private readonly SemaphoreSlim places;
    private readonly ConcurrentQueue<EgressRecord> records = new();
    private readonly ConcurrentDictionary<Task, bool> open = new();
    private readonly Task accepting;
    private volatile IReadOnlySet<Endpoint> allowed = new HashSet<Endpoint>();
    private long bytes;

    private EgressProxy(Func<string, CancellationToken, Task<IPAddress[]>> resolve, EgressLimits limits)
    {
        (this.resolve, this.limits) = (resolve, limits);
        places = new SemaphoreSlim(limits.Concurrent);
        folder = Directory.CreateTempSubdirectory("mcp-infra-egress-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, OwnerOnly);
        }

        SocketPath = Path.Combine(folder, "s");
        listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        listener.Listen();
        accepting = AcceptAsync();
    }

    /// <summary>Absolute path of the socket.</summary>
    public string SocketPath { get; }

    /// <summary>What was attempted so far, oldest first, at most a thousand; more of the same are left out.</summary>
    public IReadOnlyList<EgressRecord> Records => [.. records];

    /// <summary>Listens; nothing is allowed until <see cref="Allow"/>.</summary>
    /// <param name="limits">What the run may use.</param>
    /// <param name="resolve">Resolves names; null for the system's resolver.</param>
    public static EgressProxy Start(EgressLimits? limits = null, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null) =>
        new(resolve ?? Dns.GetHostAddressesAsync, limits ?? new EgressLimits());

    /// <summary>Allows these endpoints from now on, and no others.</summary>
    public void Allow(IEnumerable<Endpoint> endpoints) => allowed = endpoints.ToHashSet();

    /// <summary>Closes every connection and removes the socket.</summary>
    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        listener.Dispose();
        await accepting;
        await Task.WhenAll(open.Keys);
        Directory.Delete(folder, recursive: true);
        places.Dispose();
        ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            for (var left = limits.Connections; left > 0; left--)
            {
                await places.WaitAsync(ending.Token);
                var socket = await listener.AcceptAsync(ending.Token);
                var task = ServeAsync(socket);
                open.TryAdd(task, true);
                _ = task.ContinueWith(done => open.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }

            Record(new EgressRecord("any", false, "the run's connections are used up", 0, 0));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The run is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await Task.Yield();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ending.Token);
        deadline.CancelAfter(limits.Connection);
        try
        {
            await using var near = new NetworkStream(socket, ownsSocket: true);
            await ServeAsync(near, deadline.Token);
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception exception) when (exception is IOException or SocketException or InvalidDataException or OperationCanceledException or ObjectDisposedException)
        {
            // One connection broke; the run sees it closed.
        }
        finally
        {
            if (!ending.IsCancellationRequested)
            {
                places.Release();
            }
        }
    }

    private async Task ServeAsync(NetworkStream near, CancellationToken stop)
    {
        var reader = new BufferedReader(near);
        using var headDeadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        headDeadline.CancelAfter(limits.Connect);
        if (await RequestHead.ReadAsync(reader, headDeadline.Token) is not { } text)
        {
            return;
        }

        if (RequestHead.Parse(text) is not { } head)
        {
            await RefuseAsync(near, "unreadable", "not a proxy request for a host and a port", stop);
            return;
        }

        if (!allowed.Contains(head.Endpoint))
        {
            await RefuseAsync(near, head.Endpoint.ToString(), "not in the stack's egress", stop);
            return;
        }

        var (far, fault) = await ConnectAsync(head.Endpoint, headDeadline.Token);
        if (far is null)
        {
            await RefuseAsync(near, head.Endpoint.ToString(), fault, stop);
            return;
        }

        using (far)
        {
            await ForwardAsync(reader, near, head, far, stop);
        }
    }

    private async Task ForwardAsync(BufferedReader reader, NetworkStream near, RequestHead head, Socket far, CancellationToken stop)
    {
        var stream = new CountedStream(new NetworkStream(far), Spend);
        using var half = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task outward = Task.CompletedTask;
        try
        {
            if (head.IsTunnel)
            {
                await near.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), stop);
            }

            outward = OutwardAsync(reader, head, stream, far, half.Token);
            await stream.CopyToAsync(near, stop);
        }
        finally
        {
            await half.CancelAsync();
            await Task.WhenAny(outward);
            Record(new EgressRecord(head.Endpoint.ToString(), true, "", stream.Sent, stream.Received));
        }
    }

    private static async Task OutwardAsync(BufferedReader reader, RequestHead head, CountedStream far, Socket socket, CancellationToken stop)
    {
        if (head.IsTunnel)
        {
            await reader.CopyRestAsync(far, stop);
            socket.Shutdown(SocketShutdown.Send);
            return;
        }

        // One request, its body and nothing after it: a second one could name another host to the same address.
        await far.WriteAsync(head.Forward, stop);
        await (head.Body switch
        {
            BodyForm.Sized => reader.CopyAsync(far, head.Length, stop),
            BodyForm.Chunked => reader.CopyChunksAsync(far, stop),
            _ => Task.CompletedTask,
        });
    }

    private async Task<(Socket? Socket, string Fault)> ConnectAsync(Endpoint endpoint, CancellationToken stop)
    {
        try
        {
            var addresses = IPAddress.TryParse(endpoint.Host, out var literal) ? [literal] : await resolve(endpoint.Host, stop);
            if (addresses.Any(ForbiddenAddress.Contains))
            {
                return (null, "it resolves to a link-local, metadata or other forbidden address");
            }

            foreach (var address in addresses)
            {
                var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    await socket.ConnectAsync(new IPEndPoint(address, endpoint.Port), stop);
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

    private async Task RefuseAsync(NetworkStream near, string endpoint, string reason, CancellationToken stop)
    {
        Record(new EgressRecord(endpoint, false, reason, 0, 0));
        await near.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 403 Refused by mcp-infra\r\nContent-Type: text/plain\r\nContent-Length: {reason.Length}\r\nConnection: close\r\n\r\n{reason}"), stop);
    }

    private void Record(EgressRecord record)
    {
        if (records.Count < MostRecords)
        {
            records.Enqueue(record);
        }
    }

    private bool Spend(int count) => Interlocked.Add(ref bytes, count) <= limits.Bytes;
}
