using McpInfra.Guardrails;

namespace McpInfra.Tools.Plans;

/// <summary>One plan under way and how many callers wait for it.</summary>
internal sealed class PlanRun : IDisposable
{
    private readonly CancellationTokenSource ending = new();
    private readonly Lock gate = new();
    private int waiting = 1;

    public PlanRun(string id, DateTimeOffset told, Func<CancellationToken, Task<Answer>> work)
    {
        (Id, Told) = (id, told);
        Work = Task.Run(() => work(ending.Token));
    }

    public string Id { get; }

    public Task<Answer> Work { get; }

    /// <summary>When a caller was last told that it runs.</summary>
    public DateTimeOffset Told { get; set; }

    /// <summary>One more waits; false when it was ended meanwhile.</summary>
    public bool Join()
    {
        lock (gate)
        {
            if (ending.IsCancellationRequested || Work.IsFaulted || Work.IsCanceled)
            {
                return false;
            }

            waiting++;
            return true;
        }
    }

    /// <summary>One less waits; true when that ended the run, because it was the last and gave up.</summary>
    public bool Leave(bool gaveUp)
    {
        lock (gate)
        {
            waiting--;
            if (!gaveUp || waiting > 0 || Work.IsCompleted)
            {
                return Work.IsFaulted;
            }

            ending.Cancel();
            return true;
        }
    }

    public void Dispose()
    {
        ending.Cancel();
        ending.Dispose();
    }
}
