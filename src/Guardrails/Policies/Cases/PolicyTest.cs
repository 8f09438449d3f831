using McpInfra.Cedar;

namespace McpInfra.Guardrails.Policies.Cases;

/// <summary>Runs cases against a rulebook: which decide otherwise than expected, and which places of the rules none reached.</summary>
/// <param name="Cases">How many ran.</param>
/// <param name="Differences">One line for each case that differs.</param>
/// <param name="Unreached">`file:line: text` of what no case reached.</param>
public sealed record PolicyTest(int Cases, IReadOnlyList<string> Differences, IReadOnlyList<string> Unreached)
{
    /// <summary>Runs them.</summary>
    public static PolicyTest Run(Rulebook rulebook, IReadOnlyList<PolicyCase> cases)
    {
        var coverage = new Coverage();
        var differences = new List<string>();
        foreach (var one in cases)
        {
            foreach (var explanation in rulebook.Cedar?.Explain(one.Call, one.Now) ?? [])
            {
                coverage.Add(explanation);
            }

            if (Differs(rulebook, one) is { } difference)
            {
                differences.Add($"{one.File}:{one.Line}: {one.Name}: {difference}");
            }
        }

        // Without a case nothing is known to the coverage.
        var unreached = cases.Count > 0 ? coverage.Unreached().Select(place => $"{place.Position.File}:{place.Position.Line}: {place.Text.ReplaceLineEndings(" ")}")
            : rulebook.Rules.Select(rule => $"{rule.File}:{rule.Line}: {rule.Name}");
        return new(cases.Count, differences, [.. unreached]);
    }

    private static string? Differs(Rulebook rulebook, PolicyCase one)
    {
        var verdict = PolicyGuard.Would(one.Call, rulebook, one.Now);
        var applying = rulebook.Cedar?.Judge(one.Call, one.Now).Applying ?? [];
        var decided = verdict.Decision switch
        {
            Guardrails.Decision.Deny => "deny",
            Guardrails.Decision.Ask => "ask",
            _ => verdict.Notices.Any(notice => notice.Severity is Severity.Warn) ? "warn" : verdict.Notices.Count > 0 ? "audit" : "allow",
        };
        return decided != one.Expect ? $"expected {one.Expect}, decided {decided}{(verdict.Rule.Length > 0 ? $" by {verdict.Rule}" : "")}"
            : one.Rule is { } rule && applying.All(known => known.Name != rule) ? $"expected the rule {rule}, and {(applying.Count == 0 ? "none applies" : $"{string.Join(", ", applying)} apply")}"
            : one.People is { } people && verdict.People != people ? $"expected {people} people, asked {verdict.People}"
            : null;
    }
}
