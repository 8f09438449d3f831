using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Guardrails.Audit;
using McpInfra.Guardrails.Identity;
using McpInfra.Storage;
using Microsoft.Extensions.Logging;

namespace McpInfra.Guardrails;

/// <summary>
/// The one way in: every request passes every guard in order, is recorded before it begins and after it ends, and every answer is cleaned.
/// Any Deny, or any exception or hang of a guard, and the operation does not run.
/// </summary>
public sealed class Pipeline
{
    private static readonly TimeSpan ClosingDeadline = TimeSpan.FromSeconds(10);
    private readonly Catalogue catalogue;
    private readonly Guards guards;
    private readonly TimeProvider time;
    private readonly ILogger<Pipeline> log;

    /// <exception cref="InvalidOperationException">A guard has a name under which clients know no refusal, or two have one.</exception>
    public Pipeline(Catalogue catalogue, Guards guards, TimeProvider time, ILogger<Pipeline> log)
    {
        (this.catalogue, this.guards, this.time, this.log) = (catalogue, guards, time, log);
        var names = new HashSet<string>();
        foreach (var name in guards.Access.Select(guard => guard.Name).Concat(guards.Input.Select(guard => guard.Name)))
        {
            if (!GuardNames.Contains(name) || !names.Add(name))
            {
                throw new InvalidOperationException($"No guard can be called {name}, or two are. The names are {string.Join(", ", GuardNames.All)}.");
            }
        }
    }

    /// <summary>The operations of a kind that the peer may see: exactly those that the access guards allow it to call.</summary>
    public IReadOnlyList<Operation> List(Peer peer, OperationKind kind)
    {
        var watch = new Watch("list", guards.Redact, time, log);
        var admission = new Admission(guards, watch, new Ending());
        return watch.Step("identity", () => guards.Identities.Identify(peer)) is { Verdict.Decision: Decision.Allow, Caller: { } caller }
            ? [.. catalogue.All.Where(operation => operation.Kind == kind && admission.Access(caller, operation) is null)]
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
        span?.SetTag(Telemetry.AuditTag, id);

        var watch = new Watch(id, guards.Redact, time, log);
        var identified = watch.Step("identity", () => guards.Identities.Identify(request.Peer));
        var redacted = watch.Step("redact", () => new Redacted(guards.Redact(request.Arguments), operation?.Name ?? RecordedText.Asked(request.Operation, guards.Redact)));
        var entry = Entry(id, request, redacted, identified?.Caller, span);
        if (!await TryBeginAsync(entry, operation, watch, stop))
        {
            return Refused(id, operation, Verdict.Deny("audit", "the call cannot be recorded", "Free the disk or mend the state folder; nothing runs unrecorded"));
        }

        var ending = new Ending();
        var outcome = await DecideAndRunAsync(id, request, operation, identified, redacted, watch, ending, stop);
        outcome = await EndedAsync(entry, ending, outcome, operation, watch);
        span?.SetTag("mcp_infra.outcome", ending.Outcome);
        Telemetry.Duration.Record(time.GetElapsedTime(started).TotalSeconds, new KeyValuePair<string, object?>("operation", operation?.Name ?? "unknown"));
        return outcome ?? throw new OperationCanceledException(stop);
    }

    // Null when the peer gave up. Nothing escapes: a begin is followed by an end whatever happens.
    private async Task<Outcome?> DecideAndRunAsync(
        string id, Request request, Operation? operation, Identified? identified, Redacted? redacted, Watch watch, Ending ending, CancellationToken stop)
    {
        try
        {
            if (redacted is null)
            {
                return Refuse(id, operation, ending, Verdict.Deny("audit", "the arguments cannot be redacted for the trail", "Call with simpler arguments, or tell a platform engineer the audit id"));
            }

            using var deadline = new CancellationTokenSource(operation?.Deadline ?? ClosingDeadline, time);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop, deadline.Token);
            var call = await new Admission(guards, watch, ending).AdmitAsync(id, request, operation, identified, limit.Token, stop);
            return call is null
                ? Refused(id, operation, ending.Verdict!)
                : await CleanAsync(await RunAsync(call, watch, ending, limit.Token, stop), call, watch, ending);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            ending.Outcome = "cancelled";
            return null;
        }
        catch (Exception exception)
        {
            watch.Failed("The pipeline", null, exception);
            return Refuse(id, operation, ending, Admission.Broken("policy"));
        }
    }

    private static async ValueTask<Answer> RunAsync(Call call, Watch watch, Ending ending, CancellationToken limit, CancellationToken stop)
    {
        try
        {
            var answer = Flagged(await watch.RunAsync(call, limit), call);
            ending.Outcome = answer.IsFault ? "fault" : "answered";
            return answer;
        }
        catch (Exception exception) when (exception is OperationCanceledException or TimeoutException && limit.IsCancellationRequested)
        {
            stop.ThrowIfCancellationRequested();
            ending.Outcome = "failed";
            return Answer.Fault($"The operation took longer than {call.Operation.Deadline.TotalSeconds:0} s and was stopped. Ask for less, or call again later.");
        }
        catch (StoreUnavailableException exception)
        {
            watch.Failed(call.Operation.Name, null, exception);
            ending.Outcome = "failed";
            return Answer.Fault("The store does not answer, so nothing was kept. Make the identical call again in a moment; what is read of the graph goes on meanwhile.");
        }
        catch (Exception exception)
        {
            // A defect: the model learns that it failed and where a person can look, nothing of what the exception says.
            watch.Failed(call.Operation.Name, null, exception);
            ending.Outcome = "failed";
            return Answer.Fault($"The operation failed inside the server. A person finds the cause in the server's log under audit {call.Id}.");
        }
    }

    private static Answer Flagged(Answer answer, Call call)
    {
        var warnings = call.Notices.Where(notice => notice.Severity is Severity.Warn).Select(notice => $"**Warned by policy**: {notice.Rule}.{(notice.Remedy.Length > 0 ? $" {notice.Remedy.TrimEnd('.')}." : "")}").ToList();
        return warnings.Count == 0 ? answer : answer with { Parts = [new Part(Trust.Own, string.Join('\n', warnings)), .. answer.Parts] };
    }

    // What has run is cleaned and told even when the peer has given up meanwhile, so that its end is recorded as it was.
    private async ValueTask<Outcome> CleanAsync(Answer answer, Call call, Watch watch, Ending ending)
    {
        using var closing = new CancellationTokenSource(ClosingDeadline, time);
        foreach (var guard in guards.Output)
        {
            if (await watch.StepAsync(guard.Name, () => guard.CleanAsync(answer, call, closing.Token), closing.Token, CancellationToken.None) is not { } cleaned)
            {
                return Refuse(call.Id, call.Operation, ending, Verdict.Deny(
                    "policy", "the answer could not be cleaned and is withheld", "Ask for less, or tell a platform engineer the audit id"));
            }

            if (cleaned.Refusal is { } refusal)
            {
                return Refuse(call.Id, call.Operation, ending, refusal);
            }

            answer = cleaned;
        }

        if (answer.Noticed is { } noticed)
        {
            ending.Notice(noticed);
        }

        call.Caller.Session.Spent.AddOutput(Tokens(answer, call));
        return new Outcome(call.Id, answer, null);
    }

    private static long Tokens(Answer answer, Call call)
    {
        var bytes = answer.Parts.Sum(part => (long)Encoding.UTF8.GetByteCount(part.Text));
        return ((call.Structured && answer.Structured is { } facts ? Encoding.UTF8.GetByteCount(facts.ToJsonString()) : 0) + bytes + 3) / 4;
    }

    private AuditEntry Entry(string id, Request request, Redacted? redacted, Caller? caller, Activity? span) => new()
    {
        Call = id,
        Organization = caller?.Organization ?? guards.Identities.Organization,
        Person = request.Peer.Person,
        Agent = caller?.Agent.Name,
        Session = request.Peer.Session,
        Client = RecordedText.Short(request.Peer.Client),
        Operation = redacted?.Operation ?? "unknown",
        Arguments = redacted?.Arguments,
        Trace = span?.TraceId.ToString(),
    };

    private async ValueTask<bool> TryBeginAsync(AuditEntry entry, Operation? operation, Watch watch, CancellationToken stop)
    {
        try
        {
            await guards.Audit.BeginAsync(entry, durable: operation is { Tier: > Tier.Observe }, stop);
            return true;
        }
        catch (Exception exception) when (!(exception is OperationCanceledException && stop.IsCancellationRequested))
        {
            watch.Failed("Writing the audit trail", null, exception);
            return false;
        }
    }

    private async ValueTask<Outcome?> EndedAsync(AuditEntry entry, Ending ending, Outcome? outcome, Operation? operation, Watch watch)
    {
        Telemetry.Calls.Add(1, new("operation", operation?.Name ?? "unknown"), new("outcome", ending.Outcome));
        try
        {
            using var closing = new CancellationTokenSource(ClosingDeadline, time);
            await guards.Audit.EndAsync(entry with { Verdict = ending.Verdict, Outcome = ending.Outcome, Arguments = null }, closing.Token);
            return outcome;
        }
        catch (Exception exception)
        {
            watch.Failed("Writing the audit trail", null, exception);
            return Refused(entry.Call, operation, Verdict.Deny("audit", "the end of the call cannot be recorded and its answer is withheld", "Free the disk or mend the state folder"));
        }
    }

    private static Outcome Refuse(string id, Operation? operation, Ending ending, Verdict verdict)
    {
        ending.Refuse(verdict);
        return Refused(id, operation, verdict);
    }

    private static Outcome Refused(string id, Operation? operation, Verdict verdict)
    {
        Telemetry.Refusals.Add(1, new("guard", verdict.Guard), new("operation", operation?.Name ?? "unknown"));
        return new Outcome(id, null, verdict);
    }

    private sealed record Redacted(JsonNode? Arguments, string Operation);
}
