namespace McpInfra.Storage;

/// <summary>
/// Counts changes of the graph that anybody, in any process of any server, has announced. It may count one that was none, and several as one; it misses none
/// while the store can be heard, and counts one when it is heard again. Safe for concurrent use.
/// </summary>
public sealed class ChangeNotice : IAsyncDisposable
{
    private readonly CancellationTokenSource ending = new();
    private readonly TimeProvider time;
    private readonly Task listening;
    private readonly Lock gate = new();
    private TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long count;
    private DateTimeOffset? lostSince;

    internal ChangeNotice(Func<Action, Action<bool>, TimeProvider, CancellationToken, Task> listen, TimeProvider time)
    {
        this.time = time;
        listening = Task.Run(() => listen(Changed, Lost, time, ending.Token));
    }

    /// <summary>Changes so far; reading it costs nothing.</summary>
    public long Count => Volatile.Read(ref count);

    /// <summary>Since when the store cannot be heard, so that changes may be missing; null while it can.</summary>
    public DateTimeOffset? LostSince
    {
        get
        {
            lock (gate)
            {
                return lostSince;
            }
        }
    }

    /// <summary>Waits until there were more changes than <paramref name="seen"/>, at most that long; answers whether there were.</summary>
    public async Task<bool> WaitAsync(long seen, TimeSpan patience, CancellationToken stop)
    {
        Task waiting;
        lock (gate)
        {
            if (count > seen)
            {
                return true;
            }

            waiting = next.Task;
        }

        try
        {
            await waiting.WaitAsync(patience, time, stop);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ending.Dispose();
    }

    private void Changed()
    {
        TaskCompletionSource waited;
        lock (gate)
        {
            count++;
            (waited, next) = (next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        waited.TrySetResult();
    }

    private void Lost(bool isLost)
    {
        lock (gate)
        {
            lostSince = isLost ? lostSince ?? time.GetUtcNow() : null;
        }
    }
}
