namespace McpInfra.Tools.Sandbox.Egress;

/// <summary>Has what a run asks written down before it goes out: as many records in one writing as wait for it. What cannot be written down is not asked.</summary>
/// <param name="write">Writes some, in their order.</param>
public sealed class EgressJournal(Func<IReadOnlyList<EgressRecord>, Task> write)
{
    private const int Most = 100;

    private readonly Queue<(EgressRecord Record, TaskCompletionSource Written)> waiting = new(); // As many as the run has connections, which are bounded.
    private readonly Lock gate = new();
    private bool writing;

    /// <summary>Completes when it is written.</summary>
    /// <exception cref="EgressRefusedException">It cannot be.</exception>
    public Task AddAsync(EgressRecord record)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            waiting.Enqueue((record, written));
            if (writing)
            {
                return written.Task;
            }

            writing = true;
        }

        _ = DrainAsync();
        return written.Task;
    }

    private async Task DrainAsync()
    {
        while (Next() is { Count: > 0 } next)
        {
            try
            {
                await write([.. next.Select(one => one.Record)]);
                next.ForEach(one => one.Written.SetResult());
            }
            catch (Exception exception)
            {
                next.ForEach(one => one.Written.SetException(new EgressRefusedException("the request cannot be recorded, and what cannot be recorded is not sent", exception)));
            }
        }
    }

    private List<(EgressRecord Record, TaskCompletionSource Written)> Next()
    {
        lock (gate)
        {
            var next = new List<(EgressRecord, TaskCompletionSource)>();
            while (next.Count < Most && waiting.TryDequeue(out var one))
            {
                next.Add(one);
            }

            writing = next.Count > 0;
            return next;
        }
    }
}
