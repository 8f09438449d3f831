using System.Text.Json;
using McpInfra.Guardrails.Agents;

namespace McpInfra.Guardrails.Access;

/// <summary>Says what the guards would decide on a call, without making it, recording it as one, or spending anything.</summary>
/// <param name="catalogue">All operations; lazily, for the operation that explains is one of them.</param>
/// <param name="access">The access guards in their order.</param>
public sealed class Explainer(Lazy<Catalogue> catalogue, IReadOnlyList<IAccessGuard> access)
{
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

        var targets = TargetsGuard.Check(new Call("", caller, known, args, given, resolution.Targets, Structured: false));
        return new Explanation(known, targets, targets.Decision is Decision.Allow ? Wanted(caller.Agent, known, resolution.Targets) : []);
    }

    private static IReadOnlyList<ApprovalRule> Wanted(AgentType agent, Operation operation, IReadOnlyList<Target> targets) =>
        [.. agent.Approvals.Where(rule => rule.Applies(operation, targets))];
}
