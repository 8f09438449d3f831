using System.Text.Json;
using McpInfra.Guardrails.Agents;
using McpInfra.Guardrails.Flow;
using McpInfra.Guardrails.Policies;

namespace McpInfra.Guardrails.Access;

/// <summary>Says what the guards would decide on a call, without making it, recording it as one, or spending anything.</summary>
/// <param name="catalogue">All operations; lazily, for the operation that explains is one of them.</param>
/// <param name="access">The access guards in their order.</param>
/// <param name="policies">The operator's policies in force.</param>
/// <param name="time">The clock.</param>
public sealed class Explainer(Lazy<Catalogue> catalogue, IReadOnlyList<IAccessGuard> access, PoliciesInForce policies, TimeProvider time)
{
    /// <summary>What the agent type wants people for, of the operations that there are.</summary>
    public IReadOnlyList<ApprovalRule> Approvals(Caller caller) => [.. caller.Agent.Approvals.Where(rule => catalogue.Value.All.Any(operation => Glob.AnyMatches([rule.Operation], operation.Name)))];

    /// <summary>What would be decided for a tool of that name; a refusal names its guard.</summary>
    public async ValueTask<Explanation> ExplainAsync(Caller caller, string operation, JsonElement? arguments, CancellationToken stop)
    {
        if (catalogue.Value.Find(OperationKind.Tool, operation) is not { } known)
        {
            return new Explanation(null, AllowlistGuard.Unknown, []);
        }

        foreach (var guard in access)
        {
            if (guard.Check(caller, known) is { Decision: not Decision.Allow } refusal)
            {
                return new Explanation(known, refusal, []);
            }
        }

        if (arguments is not { } given)
        {
            return new Explanation(known, Verdict.Allow, [.. caller.Agent.Approvals.Where(rule => Glob.AnyMatches([rule.Operation], known.Name))]);
        }

        var bound = known.Bind(given);
        if (bound.Arguments is not { } args)
        {
            return new Explanation(known, Verdict.Deny("bind", bound.Fault!, "Correct the arguments by the operation's schema"), []);
        }

        var resolution = await known.Targets(args, caller, stop);
        if (resolution.Rule is { } rule)
        {
            return new Explanation(known, Verdict.Deny("targets", rule, resolution.Remedy ?? "Look up what exists"), []);
        }

        return Explain(new Call("", caller, known, args, given, resolution.Targets, Structured: false));
    }

    private Explanation Explain(Call call)
    {
        if (TargetsGuard.Check(call) is { Decision: Decision.Deny } outside)
        {
            return new Explanation(call.Operation, outside, []);
        }

        var (rulebook, now) = (policies.Current, time.GetUtcNow());
        var verdict = PolicyGuard.Would(call, rulebook, now);
        var rules = rulebook.Cedar is { } cedar ? RuleAccount.Of(call, cedar, now) : [];
        return verdict.Decision is Decision.Deny
            ? new Explanation(call.Operation, verdict, []) { Rules = rules }
            : new Explanation(call.Operation, Verdict.Allow, Wanted(call.Caller.Agent, call.Operation, call.Targets))
            {
                Asks = [.. new[] { FlowGuard.Would(call), verdict }.Where(asked => asked.Decision is Decision.Ask)],
                Rules = rules,
            };
    }

    private static IReadOnlyList<ApprovalRule> Wanted(AgentType agent, Operation operation, IReadOnlyList<Target> targets) =>
        [.. agent.Approvals.Where(rule => rule.Applies(operation, targets))];
}
