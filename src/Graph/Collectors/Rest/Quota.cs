namespace McpInfra.Graph.Collectors.Rest;

/// <summary>Waits before a request that the service has said it would refuse.</summary>
internal sealed class Quota(CollectorLimits limits, TimeProvider time)
{
    private readonly Lock gate = new();
    private TimeSpan pause;

    /// <summary>Notes what an answer says of the quota.</summary>
    public void Note(HttpResponseMessage answer)
    {
        if (Pauses.QuotaLeft(answer) is { } left)
        {
            var resets = left > 0 ? TimeSpan.Zero : Pauses.QuotaResets(answer) ?? limits.FirstPause;
            lock (gate)
            {
                pause = resets < TimeSpan.Zero ? TimeSpan.Zero : resets < limits.LongestPause ? resets : limits.LongestPause;
            }
        }
    }

    public async Task WaitAsync(CancellationToken stop)
    {
        TimeSpan wait;
        lock (gate)
        {
            (wait, pause) = (pause, TimeSpan.Zero);
        }

        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, stop);
        }
    }
}
