using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace McpInfra.Guardrails;

/// <summary>Runs the steps of one call: each in a span with the audit id, within the call's deadline. A step that throws or hangs answers null, and null denies.</summary>
internal sealed class Watch(string audit, Func<JsonElement, JsonNode?> redact, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>What a step that is not asynchronous answers.</summary>
    public T? Step<T>(string name, Func<T> decide)
        where T : class
    {
        using var span = Start(name);
        try
        {
            return decide();
        }
        catch (Exception exception)
        {
            Failed(name, span, exception);
            return null;
        }
    }

    /// <summary>What a step answers before the limit.</summary>
    /// <exception cref="OperationCanceledException">The peer gave up.</exception>
    public async ValueTask<T?> StepAsync<T>(string name, Func<ValueTask<T>> decide, CancellationToken limit, CancellationToken stop)
        where T : class
    {
        using var span = Start(name);
        try
        {
            var deciding = decide();
            return deciding.IsCompleted ? await deciding : await deciding.AsTask().WaitAsync(limit);
        }
        catch (Exception exception) when (!(exception is OperationCanceledException && stop.IsCancellationRequested))
        {
            Failed(name, span, exception);
            return null;
        }
    }

    /// <summary>What an operation answers. At the limit it is told to stop, and given a little time to come to rest, so that its end is what the trail says.</summary>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="TimeoutException">It goes on although it was told to stop.</exception>
    public async ValueTask<Answer> RunAsync(Call call, CancellationToken limit)
    {
        using var span = Start("run");
        try
        {
            var running = call.Operation.Run(call, limit);
            return running.IsCompleted ? await running : await RestAsync(running.AsTask(), limit);
        }
        catch (Exception)
        {
            span?.SetStatus(ActivityStatusCode.Error);
            throw;
        }
    }

    /// <summary>Reports a defect: everything that a person needs, with secrets masked.</summary>
    public void Failed(string name, Activity? span, Exception exception)
    {
        span?.SetStatus(ActivityStatusCode.Error);
        log.LogError("{Step} failed. Audit {Audit}. {Failure}", name, audit, Shown(exception));
    }

    private async Task<Answer> RestAsync(Task<Answer> running, CancellationToken limit)
    {
        try
        {
            return await running.WaitAsync(limit);
        }
        catch (OperationCanceledException)
        {
            // It may have ended in the meantime: then what it did counts.
            if (!running.IsCompleted)
            {
                _ = running.ContinueWith(late => Failed("An operation that was given up", null, late.Exception!), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            }

            return await running.WaitAsync(Grace, time, CancellationToken.None);
        }
    }

    private string Shown(Exception exception)
    {
        try
        {
            return redact(JsonElements.Of(JsonValue.Create(exception.ToString())))?.GetValue<string>() ?? exception.GetType().Name;
        }
        catch (Exception)
        {
            return exception.GetType().Name;
        }
    }

    private Activity? Start(string name)
    {
        var span = Telemetry.Source.StartActivity(name);
        span?.SetTag(Telemetry.AuditTag, audit);
        return span;
    }
}
