using System.ComponentModel;
using System.Globalization;
using System.Text;
using System.Text.Json;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Access;
using McpInfra.Guardrails.Agents;
using McpInfra.Guardrails.Injection.Reactions;
using McpInfra.Guardrails.Policies;

namespace McpInfra.Tools.Access;

/// <summary>explain_access.</summary>
public sealed class ExplainAccess(Explainer explainer, TimeProvider time) : ITool<ExplainAccess.Args>
{
    /// <param name="Operation">The tool to explain.</param>
    /// <param name="Arguments">The arguments it would be called with; without them, the tool in general.</param>
    public sealed record Args(
        [Description("Tool to explain; leave out for this agent's rights in general")] string? Operation = null,
        [Description("Arguments it would be called with")] JsonElement? Arguments = null);

    /// <inheritdoc/>
    public static ToolDeclaration Declaration { get; } = new(
        "explain_access", Tier.Observe, "Whether a call would be allowed, which guard would refuse it and what would help; and which enforcement mode is on.");

    /// <inheritdoc/>
    public async ValueTask<Answer> RunAsync(Args args, Call call, CancellationToken stop)
    {
        var caller = call.Caller;
        var text = new StringBuilder();
        if (args.Operation is { } name)
        {
            Say(text, await explainer.ExplainAsync(caller, name, args.Arguments, stop));
        }

        var agent = caller.Agent;
        text.AppendLine(CultureInfo.InvariantCulture, $"Agent type **{agent.Name}**: up to tier {Lower(agent.Tier)}; allows {List(agent.Allow)}; denies {List(agent.Deny)}; repositories {(agent.Repositories is null ? "all registered" : List(agent.Repositories))}.");
        text.AppendLine(CultureInfo.InvariantCulture, $"Budgets of a session: {agent.Budgets.Calls} calls, {agent.Budgets.CallsPerMinute} a minute, {agent.Budgets.Plans} plans, {agent.Budgets.Proposals} proposals, {agent.Budgets.OutputTokens} output tokens, {agent.Budgets.Minutes} minutes ({(int)(time.GetUtcNow() - caller.Session.Started).TotalMinutes} gone).");
        if (explainer.Approvals(caller) is { Count: > 0 } approvals)
        {
            text.AppendLine("Wants a person: " + string.Join("; ", approvals.Select(Say)) + ".");
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"Text that gives orders, flagged and high score: {Lower(agent.Detection.Tenant)} from people of this organisation, {Lower(agent.Detection.Stranger)} from anyone.");
        if (caller.Session.FlaggedBy is { } flaggedBy)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"Text that gives orders was met in call {flaggedBy}: draft operations of this session want a person.");
        }

        text.Append(Mode(caller));
        return Answer.Own(text.ToString());
    }

    /// <summary>Which of the two modes is on, in one sentence.</summary>
    public static string Mode(Caller caller) => caller.Enforced
        ? "Mode: enforced. The server, its state and its policies belong to another account than the agent's."
        : "Mode: same user, not enforced. The guards hold for these tools; they do not bind what the user's own shell can do.";

    private static void Say(StringBuilder text, Explanation explained)
    {
        if (explained.Operation is not { } operation)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"Would be denied by {explained.Verdict.Guard}: {explained.Verdict.Rule}. {explained.Verdict.Remedy}.");
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"**{operation.Name}** (tier {Lower(operation.Tier)}) ");
        text.AppendLine(explained.Verdict.Decision is Decision.Allow
            ? explained.Approvals.Count + explained.Asks.Count == 0 ? "would be allowed." : "would want a person: " + string.Join("; ", explained.Asks.Select(Say).Concat(explained.Approvals.Select(Say))) + "."
            : $"would be denied by {explained.Verdict.Guard}: {explained.Verdict.Rule}. {explained.Verdict.Remedy}.");
        foreach (var account in explained.Rules)
        {
            Say(text, account);
        }
    }

    private static void Say(StringBuilder text, RuleAccount account)
    {
        var rule = account.Rule;
        var effect = account.Error is not null ? "cannot be evaluated, which denies" : !account.Applies ? "would permit it and does not apply" : rule.Severity switch
        {
            null => "permits it",
            Severity.Block => "forbids it",
            Severity.Escalate => $"wants {rule.People} {(rule.People == 1 ? "person" : "people")}",
            Severity.Warn => "warns",
            _ => "records it in detail",
        };
        text.AppendLine(CultureInfo.InvariantCulture, $"- Rule **{rule.Name}** at {rule.File}:{rule.Line} {effect}{(account.Clauses.Count > 0 ? $"; it turns on:" : ".")}");
        foreach (var clause in account.Clauses)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  - `{clause.Replace('`', '\'')}`");
        }

        if (account.Error is { } error)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  - failed at `{error.Replace('`', '\'')}`");
        }
    }

    private static string Say(Verdict ask) => $"{ask.Guard}: {ask.Rule} ({ask.People} {(ask.People == 1 ? "person" : "people")})";

    private static string Say(ApprovalRule rule) =>
        $"{rule.Operation}{(rule.Environment is null ? "" : $" on {rule.Environment}")} ({rule.People} {(rule.People == 1 ? "person" : "people")})";

    private static string List(IReadOnlyList<string> names) => names.Count == 0 ? "nothing" : string.Join(", ", names.Select(name => $"`{name}`"));

    private static string Lower(Reaction reaction) => $"{reaction.Flagged} and {reaction.High}".ToLowerInvariant();

    private static string Lower(Tier tier) => tier.ToString().ToLowerInvariant();
}
