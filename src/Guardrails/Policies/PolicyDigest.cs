using System.Globalization;
using System.Text;
using McpInfra.Guardrails.Agents;

namespace McpInfra.Guardrails.Policies;

/// <summary>Tells an agent in a page what it may do, what it may spend, when a person is wanted, and the operator's plain-language policies.</summary>
internal static class PolicyDigest
{
    private const int MostBytes = 7500;

    public static string Of(PolicySet policies, Caller caller)
    {
        var agent = caller.Agent;
        var budgets = agent.Budgets;
        var text = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"# What agent type {agent.Name} may do\n\n")
            .Append(CultureInfo.InvariantCulture, $"- Tier: {agent.Tier.ToString().ToLowerInvariant()}. {Meaning(agent.Tier)} Nothing here applies or destroys.\n")
            .Append(CultureInfo.InvariantCulture, $"- Allowed: {List(agent.Allow)}. Denied: {List(agent.Deny)}. Repositories: {(agent.Repositories is { } repositories ? List(repositories) : "all that are registered")}.\n")
            .Append(CultureInfo.InvariantCulture, $"- Budgets of a session: {budgets.Calls} calls ({budgets.CallsPerMinute} a minute), {budgets.Plans} plans, {budgets.Proposals} proposals, {budgets.OutputTokens} output tokens, {budgets.Minutes} minutes.\n")
            .Append(CultureInfo.InvariantCulture, $"- A person must approve: {Approvals(agent)}; drafts after text that gave orders, or after reading another repository.\n")
            .Append(caller.Enforced ? "- Approvals are enforced: who asks cannot approve.\n" : "- Approvals: same user, not enforced.\n")
            .Append(CultureInfo.InvariantCulture, $"- Policy version: {policies.Version[..12]}.\n");
        foreach (var (name, policy) in policies.Plain)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## Policy {name}\n\n{policy.Trim()}\n");
        }

        return Cut(text.ToString());
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

    private static string Cut(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) <= MostBytes)
        {
            return text;
        }

        // Whole lines only, so that no rule is read by half.
        var kept = new StringBuilder();
        var bytes = 0;
        foreach (var line in text.Split('\n'))
        {
            bytes += Encoding.UTF8.GetByteCount(line) + 1;
            if (bytes > MostBytes)
            {
                break;
            }

            kept.Append(line).Append('\n');
        }

        return kept.Append("\nThe policies go on; ask a platform engineer for the rest.\n").ToString();
    }
}
