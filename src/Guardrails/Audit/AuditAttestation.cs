namespace McpInfra.Guardrails.Audit;

/// <summary>
/// Keeps a writer's signed head near its last record: at once for those who wait, and within a second for everyone else.
/// Those who wait at the same time share one flush. A head never names a record that is not on disk.
/// </summary>
internal sealed class AuditAttestation : IAsyncDisposable
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(500);
    private readonly Lock gate = new();
    private readonly string writer;
    private readonly AuditJournal journal;
    private readonly AuditFile records;
    private readonly FileStream head;
    private readonly AuditKey key;
    private readonly TimeProvider time;
    private readonly ITimer timer;
    private Task? running;
    private TaskCompletionSource? next;
    private long attested;
    private int armed;
    private volatile bool failing;

    public AuditAttestation(string writer, AuditJournal journal, AuditFile records, FileStream head, AuditKey key, TimeProvider time)
    {
        (this.writer, this.journal, this.records, this.head, this.key, this.time) = (writer, journal, records, head, key, time);
        timer = time.CreateTimer(_ => OnTime(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Write(closed: false);
    }

    /// <summary>Whether the last renewal in the background failed: the head may be older than a second.</summary>
    public bool IsFailing => failing;

    /// <summary>Renews the head soon.</summary>
    public void Soon()
    {
        if (Interlocked.Exchange(ref armed, 1) == 0)
        {
            timer.Change(Delay, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Returns when everything that the operating system had at the call is on disk under a signed head.</summary>
    public Task NowAsync()
    {
        lock (gate)
        {
            if (running is null)
            {
                return running = Task.Run(Run);
            }

            // The flush that runs may have begun before the caller's record was written.
            return (next ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Signs the last head; nothing may be appended any more.</summary>
    public async Task CloseAsync()
    {
        await timer.DisposeAsync();
        await NowAsync();
        Write(closed: true);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await timer.DisposeAsync();
        await head.DisposeAsync();
    }

    private void Run()
    {
        try
        {
            Write(closed: false);
            failing = false;
        }
        catch
        {
            failing = true;
            Soon();
            throw;
        }
        finally
        {
            lock (gate)
            {
                running = next is { } waiting ? Task.Run(() => RunFor(waiting)) : null;
                next = null;
            }
        }
    }

    private void RunFor(TaskCompletionSource waiting)
    {
        try
        {
            Run();
            waiting.SetResult();
        }
        catch (Exception exception)
        {
            waiting.SetException(exception);
        }
    }

    private void Write(bool closed)
    {
        var last = journal.Written;
        records.Flush();
        RandomAccess.Write(head.SafeFileHandle, new AuditHead(writer, last.Seq, last.Hash, AuditClock.Text(time.GetUtcNow()), closed).Sealed(key), 0);
        RandomAccess.FlushToDisk(head.SafeFileHandle);
        attested = last.Seq;
    }

    private void OnTime()
    {
        Interlocked.Exchange(ref armed, 0);
        if (journal.Written.Seq > Volatile.Read(ref attested) || failing)
        {
            // A failure shows in IsFailing, and the next call that begins meets it.
            _ = NowAsync().ContinueWith(static task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
    }
}
