using System.Globalization;
using System.Text;
using McpInfra.Guardrails.Agents;

namespace McpInfra.Guardrails.Policies;

/// <summary>
/// Tells an agent in a page what it may do, what it may spend, when a person is wanted, and the plain-language policies that speak to it.
/// What does not fit is cut policy by policy, so that each keeps its title and its first lines.
/// </summary>
internal static class PolicyDigest
{
    private const int MostBytes = 3100;
    private const int LeastBody = 60;

    public static string Of(Rulebook rulebook, Caller caller, int reserved)
    {
        var text = Head(rulebook, caller);
        var relevant = rulebook.Told(caller.Agent);
        var left = MostBytes - reserved - Bytes(text);
        for (var index = 0; index < relevant.Count; index++)
        {
            var title = Title(relevant[index]);
            var more = index + 1 < relevant.Count ? $"\n{relevant.Count - index} more policies are not shown; ask a platform engineer for them.\n" : "";
            var share = ((left - Bytes(more)) / (relevant.Count - index)) - Bytes(title);
            if (share < LeastBody)
            {
                return text + (more.Length > 0 ? more : "\n1 more policy is not shown; ask a platform engineer for it.\n");
            }

            var shown = title + Cut(relevant[index].Text.Trim(), share);
            (text, left) = (text + shown, left - Bytes(shown));
        }

        return text;
    }

    private static string Head(Rulebook rulebook, Caller caller)
    {
        var (agent, budgets) = (caller.Agent, caller.Agent.Budgets);
        return new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"# What agent type {agent.Name} may do\n\n")
            .Append(CultureInfo.InvariantCulture, $"- Tier: {agent.Tier.ToString().ToLowerInvariant()}. {Meaning(agent.Tier)} Nothing here applies or destroys.\n")
            .Append(CultureInfo.InvariantCulture, $"- Allowed: {List(agent.Allow)}. Denied: {List(agent.Deny)}. Repositories: {(agent.Repositories is { } repositories ? List(repositories) : "all that are registered")}.\n")
            .Append(CultureInfo.InvariantCulture, $"- Budgets of a session: {budgets.Calls} calls ({budgets.CallsPerMinute} a minute), {budgets.Plans} plans, {budgets.Proposals} proposals, {budgets.OutputTokens} output tokens, {budgets.Minutes} minutes.\n")
            .Append(CultureInfo.InvariantCulture, $"- A person must approve: {Approvals(agent)}; drafts after text that gave orders, or after reading another repository.\n")
            .Append(caller.Enforced ? "- Approvals are enforced: who asks cannot approve.\n" : "- Approvals: same user, not enforced.\n")
            .Append(rulebook.Rules.Count == 0 ? "" : $"- {rulebook.Rules.Count} rules decide on every call{(rulebook.Cedar!.HasPermits ? "; what none permits is denied" : "")}. explain_access tells which apply to a call; plan_change tells what they make of its plan.\n")
            .Append(CultureInfo.InvariantCulture, $"- Policy version: {rulebook.Version[..12]}.\n")
            .ToString();
    }

    private static string Title(PlainPolicy policy)
    {
        var facts = new[]
        {
            policy.Version is { } version ? $"version {version}" : null,
            policy.Owner is { } owner ? $"owner {owner}" : null,
            policy.Rules.Count > 0 ? $"enforced by {List(policy.Rules)}" : "nothing enforces it: keep to it yourself",
        };
        return $"\n## Policy {policy.Id}\n\n({string.Join("; ", facts.OfType<string>())})\n";
    }

    private static string Meaning(Tier tier) => tier switch
    {
        Tier.Observe => "It reads.",
        Tier.Recommend => "It reads and plans.",
        _ => "It reads, plans and opens pull requests.",
    };

    private static string Approvals(AgentType agent) => agent.Approvals.Count == 0 ? "nothing by manifest" : string.Join(", ", agent.Approvals.Select(rule =>
        $"{rule.Operation}{(rule.Environment is { } environment ? $" in {environment}" : "")} ({rule.People})"));

    private static string List(IReadOnlyList<string> names) => names.Count == 0 ? "none" : string.Join(", ", names);

    private static int Bytes(string text) => Encoding.UTF8.GetByteCount(text);

    // Whole lines only, so that no sentence is read by half.
    private static string Cut(string text, int most)
    {
        if (Bytes(text) < most)
        {
            return text + "\n";
        }

        const string GoesOn = "(it goes on; ask a platform engineer for the rest)\n";
        var kept = new StringBuilder();
        var left = most - Bytes(GoesOn);
        foreach (var line in text.Split('\n'))
        {
            left -= Bytes(line) + 1;
            if (left < 0)
            {
                break;
            }

            kept.Append(line).Append('\n');
        }

        return kept.Append(GoesOn).ToString();
    }
}
