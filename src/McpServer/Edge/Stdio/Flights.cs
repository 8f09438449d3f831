namespace McpInfra.Host.Edge.Stdio;

/// <summary>Counts calls in flight, so that a server that ends can wait for them.</summary>
internal sealed class Flights
{
    private readonly Lock gate = new();
    private TaskCompletionSource? landed;
    private int aloft;

    /// <summary>A call begins; dispose when it has been answered.</summary>
    public Flight Enter()
    {
        lock (gate)
        {
            aloft++;
        }

        return new Flight(this);
    }

    /// <summary>Waits until no call is in flight, at most for the time given.</summary>
    public async Task DrainAsync(TimeSpan most, TimeProvider time)
    {
        Task last;
        lock (gate)
        {
            if (aloft == 0)
            {
                return;
            }

            landed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            last = landed.Task;
        }

        try
        {
            await last.WaitAsync(most, time);
        }
        catch (TimeoutException)
        {
        }
    }

    private void Leave()
    {
        lock (gate)
        {
            if (--aloft == 0)
            {
                landed?.TrySetResult();
                landed = null;
            }
        }
    }

    /// <summary>One call in flight.</summary>
    public readonly struct Flight(Flights flights) : IDisposable
    {
        public void Dispose() => flights.Leave();
    }
}
