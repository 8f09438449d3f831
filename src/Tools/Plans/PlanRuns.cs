using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using McpInfra.Guardrails;

namespace McpInfra.Tools.Plans;

/// <summary>
/// Plans under way: two at once, eight waiting. An identical call of the same owner joins the one that runs; one that takes long answers "running" and goes on.
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
    private readonly Lock gate = new();

    /// <summary>Plans, or waits on the identical plan that runs already.</summary>
    public async Task<Answer> PlanAsync(PlanRequest request, CancellationToken stop)
    {
        var key = Key(request);
        if (Join(key, request) is not { } run)
        {
            return Answer.Fault($"{MostKnown} plans are running or waiting on this server. Call again in a minute.");
        }

        try
        {
            var answer = await run.Work.WaitAsync(Patience, time, stop);
            runs.TryRemove(new(key, run)); // Told once; the next identical call plans again.
            return answer;
        }
        catch (TimeoutException)
        {
            run.Told = time.GetUtcNow();
            return new Answer([new Part(Trust.Own, $"**{run.Id} is running.** Call plan_change again with the same arguments to wait on.")])
            {
                Structured = new System.Text.Json.Nodes.JsonObject { ["plan"] = run.Id, ["digest"] = null, ["status"] = "running", ["changes"] = new System.Text.Json.Nodes.JsonArray(), ["checks"] = new System.Text.Json.Nodes.JsonArray() },
            };
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
    public bool Knows(PlanRequest request) => runs.ContainsKey(Key(request));

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

            var id = "plan_" + RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 20);
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

    private static string Key(PlanRequest request) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new
    {
        request.Caller.Organization,
        request.Caller.Person,
        Agent = request.Caller.Agent.Name,
        Session = request.Caller.Session.Id,
        request.Repository.Name,
        request.Stack.Path,
        request.Edits,
        request.From,
    })));
}
