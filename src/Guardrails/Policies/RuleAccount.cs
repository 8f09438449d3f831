using McpInfra.Cedar;

namespace McpInfra.Guardrails.Policies;

/// <summary>Why a rule decides as it does on a call, or what keeps a permit from applying.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Applies">Whether it applies; a permit that nearly did says what is missing.</param>
/// <param name="Clauses">Places of its text that made it so: `file:line: text`.</param>
/// <param name="Error">Where and why it could not be evaluated.</param>
public sealed record RuleAccount(Rule Rule, bool Applies, IReadOnlyList<string> Clauses, string? Error)
{
    private const int MostClauses = 8;
    private const int MostText = 160;

    /// <summary>The accounts of a call: rules that apply or fail, and when no permit does, the permits that nearly did.</summary>
    internal static IReadOnlyList<RuleAccount> Of(Call call, CedarRules rules, DateTimeOffset now)
    {
        var looked = rules.Explain(call, now).SelectMany(explanation => explanation.Policies).Where(policy => policy.ScopeMatched).ToList();
        var told = looked.Where(policy => policy.Result is ClauseResult.Held or ClauseResult.Erred).Select(policy => From(rules, policy)).ToList();
        if (rules.HasPermits && !told.Any(account => !account.Rule.Forbids && account.Applies))
        {
            told.AddRange(looked.Where(policy => policy is { Policy.Effect: Effect.Permit, Result: ClauseResult.Failed }).Select(policy => From(rules, policy)));
        }

        return [.. told.GroupBy(account => account.Rule).Select(group => group.First())];
    }

    private static RuleAccount From(CedarRules rules, PolicyExplanation policy)
    {
        var wanted = policy.Result;
        return new RuleAccount(
            rules.Of(policy.Policy),
            policy.Result is ClauseResult.Held,
            [.. policy.Conditions.Where(clause => wanted is ClauseResult.Failed ? clause.Result is ClauseResult.Failed : clause.Result is ClauseResult.Held or ClauseResult.Failed)
                .Take(MostClauses).Select(clause => $"{clause.Position.File}:{clause.Position.Line}: {Cut(clause.Text)} is {(clause.Result is ClauseResult.Held ? "true" : "false")}")],
            policy.Conditions.FirstOrDefault(clause => clause.Result is ClauseResult.Erred) is { } failed ? $"{failed.Position.File}:{failed.Position.Line}: {failed.Error ?? "could not be evaluated"}" : null);
    }

    private static string Cut(string text) => text.Length <= MostText ? text : text[..(MostText - 1)] + "…";
}
