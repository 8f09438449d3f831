using System.Collections.Concurrent;
using System.Security.Cryptography;
using McpInfra.Guardrails;

namespace McpInfra.Tools.Plans;

/// <summary>
/// Plans under way: two at once, eight waiting. An identical call of the same owner joins the one that runs, or gets the plan of a moment ago while nothing that it rests on has moved;
/// one that takes long answers "running" and goes on.
/// A run whose last caller gave up is ended.
/// </summary>
/// <param name="planner">Makes them.</param>
/// <param name="time">The clock.</param>
public sealed class PlanRuns(Planner planner, TimeProvider time) : IDisposable
{
    private const int MostRunning = 2;
    private const int MostKnown = 10;
    private const int MostKept = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(15);

    private readonly SemaphoreSlim places = new(MostRunning);
    private readonly ConcurrentDictionary<string, PlanRun> runs = new();
    private readonly ToldPlans told = new(time);
    private readonly Lock gate = new();

    /// <summary>Plans, or waits on the identical plan that runs already.</summary>
    public async Task<Answer> PlanAsync(PlanRequest request, CancellationToken stop)
    {
        var key = request.Key;
        if (!runs.ContainsKey(key) && told.Find(key) is { } before && await planner.StandsAsync(before.Id, request, stop))
        {
            return told.Again(before);
        }

        if (Join(key, request) is not { } run)
        {
            return Answer.Fault($"{MostKnown} plans are running or waiting on this server. Call again in a minute.");
        }

        try
        {
            var answer = await run.Work.WaitAsync(Patience, time, stop);
            if (request.Kind is PlanKind.Change && !answer.IsFault)
            {
                told.Keep(key, run.Id, answer);
            }

            runs.TryRemove(new(key, run));
            return answer;
        }
        catch (TimeoutException)
        {
            run.Told = time.GetUtcNow();
            return request.Kind is PlanKind.Drift ? DriftText.Running(run.Id) : PlanText.Running(run.Id);
        }
        finally
        {
            if (run.Leave(gaveUp: stop.IsCancellationRequested))
            {
                runs.TryRemove(new(key, run));
            }
        }
    }

    /// <summary>Whether the identical plan of the same owner runs, or waits to be told.</summary>
    public bool Knows(PlanRequest request) => runs.ContainsKey(request.Key);

    /// <summary>Ends every run.</summary>
    public void Dispose()
    {
        foreach (var run in runs.Values)
        {
            run.Dispose();
        }

        places.Dispose();
    }

    private PlanRun? Join(string key, PlanRequest request)
    {
        lock (gate)
        {
            foreach (var (old, run) in runs)
            {
                if (run.Work.IsCompleted && time.GetUtcNow() - run.Told > Kept)
                {
                    runs.TryRemove(new(old, run));
                }
            }

            if (runs.TryGetValue(key, out var known) && known.Join())
            {
                return known;
            }

            if (runs.Values.Count(run => !run.Work.IsCompleted) >= MostKnown || runs.Count >= MostKnown + MostKept)
            {
                return null;
            }

            var id = (request.Kind is PlanKind.Drift ? DriftReport.Prefix : Plan.Prefix) + RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 20);
            return runs[key] = new PlanRun(id, time.GetUtcNow(), stop => RunAsync(id, request, stop));
        }
    }

    private async Task<Answer> RunAsync(string id, PlanRequest request, CancellationToken stop)
    {
        await places.WaitAsync(stop);
        try
        {
            return await planner.PlanAsync(id, request, stop);
        }
        finally
        {
            places.Release();
        }
    }
}
