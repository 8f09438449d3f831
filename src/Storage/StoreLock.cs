namespace McpInfra.Storage;

/// <summary>A lock that one process of all servers holds, until it is disposed or the process dies.</summary>
public sealed class StoreLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Func<HeldLock?> take;
    private HeldLock held;

    private StoreLock(HeldLock held, Func<HeldLock?> take) => (this.held, this.take) = (held, take);

    /// <summary>Makes sure that it is still held, taking it anew when a lost connection freed it.</summary>
    /// <exception cref="StoreUnavailableException">Another took it meanwhile, or the store does not answer.</exception>
    public void Ensure()
    {
        if (held.IsHeld())
        {
            return;
        }

        held.Dispose();
        held = take() ?? throw new StoreUnavailableException("The connection to the store was lost and another process has gone on meanwhile. Run the command again.");
    }

    /// <summary>Frees it.</summary>
    public void Dispose() => held.Dispose();

    internal static async Task<StoreLock> AcquireAsync(Func<HeldLock?> take, TimeSpan patience, TimeProvider time, CancellationToken stop)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            if (take() is { } held)
            {
                return new StoreLock(held, take);
            }

            if (time.GetElapsedTime(start) >= patience)
            {
                throw new TimeoutException($"Another process has held the store's lock for over {patience.TotalMinutes:0} minutes. Wait for it or end that process.");
            }

            await Task.Delay(Pause, time, stop);
        }
    }
}
