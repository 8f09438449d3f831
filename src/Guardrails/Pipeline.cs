using System.Diagnostics;
using McpInfra.Guardrails.Agents;
using McpInfra.Guardrails.Audit;
using McpInfra.Guardrails.Identity;
using Microsoft.Extensions.Logging;

namespace McpInfra.Guardrails;

/// <summary>
/// The one way in: every request passes every guard in order, is recorded before it begins and after it ends, and every answer is cleaned.
/// Any Deny, or any exception of a guard, and the operation does not run.
/// </summary>
public sealed class Pipeline(Catalogue catalogue, Guards guards, TimeProvider time, ILogger<Pipeline> log)
{
    private static readonly TimeSpan EndDeadline = TimeSpan.FromSeconds(10);

    /// <summary>The operations of a kind that the peer may see: exactly those that the access guards allow it to call.</summary>
    public IReadOnlyList<Operation> List(Peer peer, OperationKind kind)
    {
        var identified = Guarded("identity", () => guards.Identities.Identify(peer));
        return identified is { Verdict.Decision: Decision.Allow, Caller: { } caller }
            ? [.. catalogue.All.Where(operation => operation.Kind == kind && Access(caller, operation).Decision is Decision.Allow)]
            : [];
    }

    /// <summary>Runs a request through the guards and, when none refuses, its operation.</summary>
    /// <exception cref="OperationCanceledException">The peer gave up; the trail says so.</exception>
    public async Task<Outcome> CallAsync(Request request, CancellationToken stop)
    {
        var id = "call_" + Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
        var operation = catalogue.Find(request.Kind, request.Operation);
        var started = time.GetTimestamp();
        using var span = Telemetry.Source.StartActivity(operation?.Name ?? "unknown operation", ActivityKind.Server);
        span?.SetTag("mcp_infra.audit", id);

        var identified = Guarded("identity", () => guards.Identities.Identify(request.Peer));
        var entry = Entry(id, request, operation, identified?.Caller, span);
        if (!await TryBeginAsync(entry, operation, stop))
        {
            return Refused(id, operation, Verdict.Deny("audit", "the call cannot be recorded", "Free the disk or mend the state folder; nothing runs unrecorded"));
        }

        var ending = new Ending();
        try
        {
            var outcome = await DecideAndRunAsync(id, request, operation, identified, ending, stop);
            return await EndedAsync(entry, ending, outcome, operation);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            ending.Outcome = "cancelled";
            await EndedAsync(entry, ending, new Outcome(id, null, null), operation);
            throw;
        }
        finally
        {
            Telemetry.Duration.Record(time.GetElapsedTime(started).TotalSeconds, new KeyValuePair<string, object?>("operation", operation?.Name ?? "unknown"));
        }
    }

    private async Task<Outcome> DecideAndRunAsync(string id, Request request, Operation? operation, Identified? identified, Ending ending, CancellationToken stop)
    {
        var (call, verdict) = await AdmitAsync(id, request, operation, identified, ending, stop);
        if (call is null || verdict.Decision is not Decision.Allow)
        {
            ending.Verdict = verdict;
            ending.Outcome = "denied";
            return Refused(id, operation, verdict);
        }

        var answer = await RunAsync(call with { Approval = verdict.Approval }, ending, stop);
        var cleaned = await CleanAsync(answer, call, ending, stop);
        return cleaned;
    }

    private async Task<(Call? Call, Verdict Verdict)> AdmitAsync(
        string id, Request request, Operation? operation, Identified? identified, Ending ending, CancellationToken stop)
    {
        if (identified is null)
        {
            return (null, Broken("identity"));
        }

        if (identified.Verdict.Decision is not Decision.Allow || identified.Caller is not { } caller)
        {
            return (null, identified.Verdict);
        }

        if (operation is null)
        {
            return (null, AllowlistGuard.Unknown);
        }

        var access = Access(caller, operation);
        if (access.Decision is not Decision.Allow)
        {
            return (null, access);
        }

        var bound = Guarded("bind", () => operation.Bind(request.Arguments));
        if (bound?.Arguments is not { } arguments)
        {
            return (null, Verdict.Deny("bind", bound?.Fault ?? "the arguments cannot be read", "Correct the arguments by the operation's schema and call again"));
        }

        var resolution = await GuardedAsync("targets", () => operation.Targets(arguments, caller, stop), stop);
        if (resolution is null)
        {
            return (null, Broken("targets"));
        }

        if (resolution.Rule is { } rule)
        {
            return (null, Verdict.Deny("targets", rule, resolution.Remedy ?? "Look up what exists and call again"));
        }

        var call = new Call(id, caller, operation, arguments, request.Arguments, resolution.Targets, request.Structured);
        var targets = TargetsGuard.Check(call);
        return targets.Decision is Decision.Deny ? (call, targets) : (call, await CheckAsync(call, ending, stop));
    }

    private async Task<Verdict> CheckAsync(Call call, Ending ending, CancellationToken stop)
    {
        var asks = new List<Verdict>();
        foreach (var guard in guards.Input)
        {
            var verdict = await GuardedAsync(guard.Name, () => guard.CheckAsync(call, stop), stop) ?? Broken(guard.Name);
            switch (verdict.Decision)
            {
                case Decision.Allow:
                    ending.Note(verdict);
                    break;
                case Decision.Ask:
                    asks.Add(verdict);
                    break;
                default:
                    return verdict;
            }
        }

        return await GuardedAsync("approval", () => guards.Approvals.AdmitAsync(call, asks, stop), stop) ?? Broken("approval");
    }

    private async Task<Answer> RunAsync(Call call, Ending ending, CancellationToken stop)
    {
        using var span = Telemetry.Source.StartActivity("run");
        try
        {
            var answer = await call.Operation.Run(call, stop);
            ending.Outcome = answer.IsFault ? "fault" : "answered";
            return answer;
        }
        catch (Exception exception) when (!(exception is OperationCanceledException && stop.IsCancellationRequested))
        {
            // A defect: the model learns that it failed and where a person can look, nothing of what the exception says.
            log.LogError(exception, "{Operation} failed. Audit {Audit}", call.Operation.Name, call.Id);
            span?.SetStatus(ActivityStatusCode.Error);
            ending.Outcome = "failed";
            return Answer.Fault($"The operation failed inside the server. A person finds the cause in the server's log under audit {call.Id}.");
        }
    }

    private async Task<Outcome> CleanAsync(Answer answer, Call call, Ending ending, CancellationToken stop)
    {
        foreach (var guard in guards.Output)
        {
            var cleaned = await GuardedAsync(guard.Name, () => guard.CleanAsync(answer, call, stop), stop);
            if (cleaned is null)
            {
                ending.Outcome = "denied";
                ending.Verdict = Verdict.Deny(guard.Name, "the answer could not be cleaned and is withheld", "Ask for less, or tell a platform engineer the audit id");
                return Refused(call.Id, call.Operation, Verdict.Deny("policy", ending.Verdict.Rule, ending.Verdict.Remedy));
            }

            answer = cleaned;
        }

        return new Outcome(call.Id, answer, null);
    }

    private Verdict Access(Caller caller, Operation operation)
    {
        foreach (var guard in guards.Access)
        {
            var verdict = Guarded(guard.Name, () => guard.Check(caller, operation)) ?? Broken(guard.Name);
            if (verdict.Decision is not Decision.Allow)
            {
                return verdict;
            }
        }

        return Verdict.Allow;
    }

    private AuditEntry Entry(string id, Request request, Operation? operation, Caller? caller, Activity? span) => new()
    {
        Call = id,
        Organization = caller?.Organization ?? guards.Identities.Organization,
        Person = request.Peer.Person,
        Agent = caller?.Agent.Name,
        Session = request.Peer.Session,
        Client = request.Peer.Client,
        Operation = operation?.Name ?? Shown(request.Operation),
        Arguments = Guarded("redact", () => new Redacted(guards.Redact(request.Arguments)))?.Arguments,
        Trace = span?.TraceId.ToString(),
    };

    private async Task<bool> TryBeginAsync(AuditEntry entry, Operation? operation, CancellationToken stop)
    {
        try
        {
            await guards.Audit.BeginAsync(entry, durable: operation is { Tier: > Tier.Observe }, stop);
            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            log.LogCritical(exception, "The audit trail cannot be written; the call is refused. Audit {Audit}", entry.Call);
            return false;
        }
    }

    private async Task<Outcome> EndedAsync(AuditEntry entry, Ending ending, Outcome outcome, Operation? operation)
    {
        Telemetry.Calls.Add(1, new("operation", operation?.Name ?? "unknown"), new("outcome", ending.Outcome));
        try
        {
            using var deadline = new CancellationTokenSource(EndDeadline, time);
            await guards.Audit.EndAsync(entry with { Verdict = ending.Verdict, Outcome = ending.Outcome, Arguments = null }, deadline.Token);
            return outcome;
        }
        catch (Exception exception)
        {
            log.LogCritical(exception, "The audit trail cannot be written; the answer is withheld. Audit {Audit}", entry.Call);
            return Refused(entry.Call, operation, Verdict.Deny("audit", "the end of the call cannot be recorded and its answer is withheld", "Free the disk or mend the state folder"));
        }
    }

    private T? Guarded<T>(string guard, Func<T> decide)
        where T : class
    {
        using var span = Telemetry.Source.StartActivity(guard);
        try
        {
            return decide();
        }
        catch (Exception exception)
        {
            log.LogError(exception, "The guard {Guard} failed; it denies", guard);
            return null;
        }
    }

    private async ValueTask<T?> GuardedAsync<T>(string guard, Func<ValueTask<T>> decide, CancellationToken stop)
        where T : class
    {
        using var span = Telemetry.Source.StartActivity(guard);
        try
        {
            return await decide();
        }
        catch (Exception exception) when (!(exception is OperationCanceledException && stop.IsCancellationRequested))
        {
            log.LogError(exception, "The guard {Guard} failed; it denies", guard);
            return null;
        }
    }

    private static Outcome Refused(string id, Operation? operation, Verdict verdict)
    {
        Telemetry.Refusals.Add(1, new("guard", verdict.Guard), new("operation", operation?.Name ?? "unknown"));
        return new Outcome(id, null, verdict);
    }

    private static Verdict Broken(string guard) =>
        Verdict.Deny(guard, "the guard could not decide", "Tell a platform engineer the audit id; the cause is in the server's log");

    private static string Shown(string name)
    {
        var cut = name.Length > 64 ? name[..64] : name;
        return string.Concat(cut.Select(letter => char.IsControl(letter) || char.IsSurrogate(letter) ? '\uFFFD' : letter));
    }

    private sealed record Redacted(System.Text.Json.Nodes.JsonNode? Arguments);

    private sealed class Ending
    {
        public Verdict? Verdict { get; set; }

        public string Outcome { get; set; } = "denied";

        public void Note(Verdict verdict) => Verdict = verdict.Rule.Length > 0 && (Verdict is null || verdict.Severity > Verdict.Severity) ? verdict : Verdict;
    }
}
