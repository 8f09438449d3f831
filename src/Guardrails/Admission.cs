using McpInfra.Guardrails.Agents;
using McpInfra.Guardrails.Identity;

namespace McpInfra.Guardrails;

/// <summary>
/// Asks every guard in order about one request: identity, allowlist, tier, bind, targets, budget, injection, flow, policy, approval. The first that
/// does not allow, and any that fails, refuses under its own name.
/// </summary>
internal sealed class Admission(Guards guards, Watch watch, Ending ending)
{
    /// <summary>The call when everything allows it; null when the ending says who refused.</summary>
    public async ValueTask<Call?> AdmitAsync(string id, Request request, Operation? operation, Identified? identified, CancellationToken limit, CancellationToken stop)
    {
        if (!Allows(identified?.Verdict, "identity") || identified!.Caller is not { } caller)
        {
            return ending.Verdict?.Decision is Decision.Deny ? null : Refuse(Broken("identity"));
        }

        if (operation is null)
        {
            return Refuse(AllowlistGuard.Unknown);
        }

        if (Access(caller, operation) is { } refusal)
        {
            return Refuse(refusal);
        }

        return await BindAsync(id, request, operation, caller, limit, stop) is { } call && await PassesAsync(call, limit, stop)
            ? call with { Approval = ending.Verdict?.Approval, Notices = ending.Notices }
            : null;
    }

    /// <summary>Why the access guards refuse the operation to the caller; null when they allow it. Decides what is listed, too.</summary>
    public Verdict? Access(Caller caller, Operation operation)
    {
        foreach (var guard in guards.Access)
        {
            if (watch.Step(guard.Name, () => guard.Check(caller, operation)) is not { Decision: Decision.Allow } and var verdict)
            {
                return Refusal(verdict ?? Broken(guard.Name), guard.Name);
            }
        }

        return null;
    }

    /// <summary>The refusal of a guard that failed.</summary>
    public static Verdict Broken(string guard) =>
        Verdict.Deny(guard, "the guard could not decide", "Tell a platform engineer the audit id; the cause is in the server's log");

    private async ValueTask<Call?> BindAsync(string id, Request request, Operation operation, Caller caller, CancellationToken limit, CancellationToken stop)
    {
        if (watch.Step("bind", () => operation.Bind(request.Arguments)) is not { } bound)
        {
            return Refuse(Broken("bind"));
        }

        if (bound is not { Arguments: { } arguments, Fault: null })
        {
            return Refuse(Verdict.Deny("bind", bound.Fault ?? "the arguments cannot be read", "Correct the arguments by the operation's schema and call again"));
        }

        if (await watch.StepAsync("targets", () => operation.Targets(arguments, caller, limit), limit, stop) is not { Targets: { } targets } resolution)
        {
            return Refuse(Broken("targets"));
        }

        if (resolution.Rule is { } rule)
        {
            return Refuse(Verdict.Deny("targets", rule, resolution.Remedy ?? "Look up what exists and call again"));
        }

        var call = new Call(id, caller, operation, arguments, request.Arguments, targets, request.Structured) { Continues = resolution.Continues };
        return Allows(watch.Step("targets", () => TargetsGuard.Check(call)), "targets") ? call : null;
    }

    private async ValueTask<bool> PassesAsync(Call call, CancellationToken limit, CancellationToken stop)
    {
        var asks = new List<Verdict>();
        foreach (var guard in guards.Input)
        {
            var verdict = await watch.StepAsync(guard.Name, () => guard.CheckAsync(call, limit), limit, stop);
            ending.Notice(verdict?.Notices ?? []);
            if (verdict is { Decision: Decision.Ask })
            {
                asks.Add(verdict);
            }
            else if (!Allows(verdict, guard.Name))
            {
                return false;
            }
        }

        return Allows(await watch.StepAsync("approval", () => guards.Approvals.AdmitAsync(call, asks, limit), limit, stop), "approval");
    }

    private bool Allows(Verdict? verdict, string guard)
    {
        if (verdict is { Decision: Decision.Allow })
        {
            ending.Allow(verdict);
            return true;
        }

        ending.Refuse(Refusal(verdict ?? Broken(guard), guard));
        return false;
    }

    private Call? Refuse(Verdict verdict)
    {
        ending.Refuse(verdict);
        return null;
    }

    // Whatever a guard answers that is not Allow refuses, and under a name that clients know.
    private static Verdict Refusal(Verdict verdict, string guard) => verdict.Decision is Decision.Deny && GuardNames.Contains(verdict.Guard)
        ? verdict
        : Verdict.Deny(guard, verdict.Rule, verdict.Remedy) with { Approval = verdict.Approval };
}
