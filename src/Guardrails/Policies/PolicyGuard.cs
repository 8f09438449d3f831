using McpInfra.Guardrails.Audit;

namespace McpInfra.Guardrails.Policies;

/// <summary>
/// The rules that hold whatever a manifest or policy allows (nothing runs above the draft tier; only tools do more than read; a draft rests on
/// something in exactly one registered repository, so that it lands as a pull request there), then the operator's own.
/// </summary>
/// <param name="policies">The operator's policies in force.</param>
/// <param name="trail">Where rules that apply without refusing are recorded in detail.</param>
/// <param name="time">The clock.</param>
public sealed class PolicyGuard(PoliciesInForce policies, IAuditTrail? trail, TimeProvider time) : IInputGuard
{
    /// <summary>Version of the built-in rules; part of the policies' version, so raise it with any change of them.</summary>
    internal const int Rules = 2;

    /// <summary>The guard's name.</summary>
    public const string GuardName = "policy";

    /// <summary>The built-in rules alone.</summary>
    public PolicyGuard()
        : this(new PoliciesInForce(Rulebook.BuiltIn), null, TimeProvider.System)
    {
    }

    /// <inheritdoc/>
    public string Name => GuardName;

    /// <inheritdoc/>
    public ValueTask<Verdict> CheckAsync(Call call, CancellationToken stop)
    {
        if (BuiltIn(call) is { } refusal)
        {
            return new(refusal);
        }

        // Read once: a change of policies takes effect between calls.
        var (current, next) = (policies.Current, policies.Next);
        return current.Cedar is null && next is null ? new(Verdict.Allow) : JudgedAsync(call, current, next, stop);
    }

    /// <summary>What the built-in rules and those of a rulebook say of a call, without recording anything.</summary>
    internal static Verdict Would(Call call, Rulebook rulebook, DateTimeOffset now) => BuiltIn(call) ?? rulebook.Cedar?.Judge(call, now).Verdict(GuardName) ?? Verdict.Allow;

    private async ValueTask<Verdict> JudgedAsync(Call call, Rulebook current, Rulebook? next, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var judgement = current.Cedar?.Judge(call, now) ?? Judgement.Clear;
        var verdict = judgement.Verdict(GuardName);
        if (trail is not null && judgement.Notices.Count > 0)
        {
            await trail.EventAsync(PolicyRecords.Applied(call, current, judgement), stop);
        }

        if (trail is not null && next is not null && PolicyRecords.Difference(call, current, verdict, next, now) is { } difference)
        {
            await trail.EventAsync(difference, stop);
        }

        return verdict;
    }

    private static Verdict? BuiltIn(Call call)
    {
        if (call.Operation.Tier > Tier.Draft)
        {
            return Verdict.Deny(GuardName, "nothing runs above the draft tier", "Propose the change as a pull request");
        }

        if (call.Operation.Tier > Tier.Observe && call.Operation.Kind is not OperationKind.Tool)
        {
            return Verdict.Deny(GuardName, "only tools do more than read", "Use the tool for it");
        }

        if (call.Operation.Tier < Tier.Draft)
        {
            return null;
        }

        return call.Targets.Select(target => target.Repository).OfType<string>().Distinct().Count() switch
        {
            1 => null,
            0 => Verdict.Deny(GuardName, "a draft must name the registered repository that it changes", "Start from a plan of a registered repository"),
            _ => Verdict.Deny(GuardName, "a draft changes one repository at a time", "Make one proposal for each repository"),
        };
    }
}
