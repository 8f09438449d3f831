namespace McpInfra.Guardrails.Policies;

/// <summary>Names what a change of the rules opens: a forbid that goes or grows milder, a permit that comes. Rules are the same when they say the same, whatever they are called.</summary>
public static class Widening
{
    /// <summary>What is wider after the change, one sentence each; empty when it only narrows.</summary>
    public static IReadOnlyList<string> Of(Rulebook before, Rulebook after)
    {
        var now = after.Rules.ToLookup(Meaning);
        var then = before.Rules.ToLookup(Meaning);
        return
        [
            .. before.Rules.Where(rule => rule.Forbids && !now[Meaning(rule)].Any(other => IsAsStrict(other, rule))).Select(rule => $"the forbid {rule} is gone or milder"),
            .. before.Cedar is { HasPermits: true } && after.Cedar is not { HasPermits: true } ? new[] { "no permit is written any more, so the manifests alone permit" } : [],
            .. before.Cedar is { HasPermits: true }
                ? after.Rules.Where(rule => !rule.Forbids && !then[Meaning(rule)].Any(other => IsAsStrict(rule, other))).Select(rule => $"the permit {rule} is new or milder")
                : [],
        ];
    }

    private static bool IsAsStrict(Rule rule, Rule than) => (rule.Severity ?? (Severity)(-1)) >= (than.Severity ?? (Severity)(-1)) && (rule.Severity is not Severity.Escalate || rule.People >= than.People);

    private static string Meaning(Rule rule) => string.Join('\n', rule.Policy.Text.Split('\n').SkipWhile(line => line.StartsWith('@')));
}
