using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace McpInfra.Tools.Sandbox.Egress;

/// <summary>
/// The only way out of a cage: an HTTP proxy on a unix socket that lets through listed endpoints, resolves names itself, never reaches a forbidden address, and records every attempt.
/// Endpoints that belong to the run's credential are governed: TLS ends here, and a gate decides each request.
/// </summary>
public sealed class EgressProxy : IAsyncDisposable
{
    private readonly EgressLimits limits;
    private readonly string folder;
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource ending = new();
    private readonly SemaphoreSlim places;
    private readonly EgressLog log;
    private readonly EgressReach reach;
    private readonly Upstream upstream;
    private readonly GovernedTunnel governed;
    private readonly ConcurrentDictionary<Task, bool> open = new();
    private readonly Task accepting;
    private volatile Permissions allowed = new(new HashSet<Endpoint>(), []);

    private EgressProxy(Outside outside, EgressLimits limits, EgressJournal? journal, TimeProvider time)
    {
        (this.limits, log, reach) = (limits, new EgressLog(journal), new EgressReach(outside, limits));
        Authority = new RunAuthority(time);
        upstream = new Upstream(reach.OpenAsync, outside, limits);
        governed = new GovernedTunnel(Authority, upstream, log, limits);
        places = new SemaphoreSlim(limits.Concurrent);
        folder = RunFolder.Create();
        SocketPath = Path.Combine(folder, "s");
        listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        listener.Listen();
        accepting = AcceptAsync();
    }

    /// <summary>Absolute path of the socket.</summary>
    public string SocketPath { get; }

    /// <summary>The authority that vouches for governed endpoints towards the run.</summary>
    public RunAuthority Authority { get; }

    /// <summary>What was attempted so far, each kind with its count.</summary>
    public IReadOnlyList<EgressRecord> Records => log.Records;

    /// <summary>Listens; nothing is allowed until <see cref="Allow"/>.</summary>
    /// <param name="limits">What the run may use.</param>
    /// <param name="outside">How the world is seen; null for the system's resolver and authorities.</param>
    /// <param name="journal">Writes down what is asked before it is; null for nobody.</param>
    /// <param name="time">The clock; null for the system's.</param>
    public static EgressProxy Start(EgressLimits? limits = null, Outside? outside = null, EgressJournal? journal = null, TimeProvider? time = null) =>
        new(outside ?? Outside.System, limits ?? new EgressLimits(), journal, time ?? TimeProvider.System);

    /// <summary>Allows these endpoints from now on, and those of these gates as each decides; no others. What a gate governs is never tunnelled.</summary>
    public void Allow(IEnumerable<Endpoint> endpoints, params IReadOnlyList<ICloudGate> gates) => allowed = new Permissions(endpoints.ToHashSet(), gates);

    /// <summary>Closes every connection and removes the socket.</summary>
    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        listener.Dispose();
        await accepting;
        await Task.WhenAll(open.Keys);
        Directory.Delete(folder, recursive: true);
        upstream.Dispose();
        Authority.Dispose();
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

            log.Add(new EgressRecord("any", false, "the run's connections are used up", 0, 0));
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
        catch (Exception exception) when (exception is IOException or SocketException or InvalidDataException or OperationCanceledException or ObjectDisposedException or AuthenticationException or HttpRequestException)
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
        if (await HttpHead.ReadAsync(reader, headDeadline.Token) is not { } text)
        {
            return;
        }

        if (RequestHead.Parse(text) is not { } head)
        {
            await RefuseAsync(near, "unreadable", "not a proxy request for a host and a port", stop);
            return;
        }

        var (endpoints, gates) = allowed;
        if (gates.FirstOrDefault(gate => gate.Governs(head.Endpoint)) is { } gate)
        {
            if (await governed.ServeAsync(reader, near, head, gate, stop) is { } reason)
            {
                await RefuseAsync(near, head.Endpoint.ToString(), reason, stop);
            }

            return;
        }

        if (!endpoints.Contains(head.Endpoint))
        {
            await RefuseAsync(near, head.Endpoint.ToString(), "not in the stack's egress", stop);
            return;
        }

        await log.TellAsync(new EgressRecord(head.Endpoint.ToString(), true, "", 0, 0));
        var (far, fault) = await reach.ConnectAsync(head.Endpoint, headDeadline.Token);
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
        var stream = reach.Counted(new NetworkStream(far));
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
            log.Add(new EgressRecord(head.Endpoint.ToString(), true, "", stream.Sent, stream.Received));
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

    private async Task RefuseAsync(NetworkStream near, string endpoint, string reason, CancellationToken stop)
    {
        await log.TellAndAddAsync(new EgressRecord(endpoint, false, reason, 0, 0));
        await near.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 403 Refused by mcp-infra\r\nContent-Type: text/plain\r\nContent-Length: {reason.Length}\r\nConnection: close\r\n\r\n{reason}"), stop);
    }

    private sealed record Permissions(IReadOnlySet<Endpoint> Endpoints, IReadOnlyList<ICloudGate> Gates);
}
