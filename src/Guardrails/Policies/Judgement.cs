using McpInfra.Cedar;

namespace McpInfra.Guardrails.Policies;

/// <summary>What the operator's rules say of a call: the most restrictive of all its targets.</summary>
internal sealed record Judgement
{
    private const int MostNamed = 3;

    /// <summary>Rules that apply, in the order of their texts.</summary>
    public required IReadOnlyList<Rule> Applying { get; init; }

    /// <summary>Rules that could not be evaluated.</summary>
    public required IReadOnlyList<PolicyError> Errors { get; init; }

    /// <summary>Whether a permit applies, or none is written so that the manifests decide.</summary>
    public required bool IsPermitted { get; init; }

    /// <summary>Nothing applies and nothing is against it.</summary>
    public static Judgement Clear { get; } = new() { Applying = [], Errors = [], IsPermitted = true };

    /// <summary>Both, the more restrictive of each.</summary>
    public Judgement And(Judgement other) => new()
    {
        Applying = [.. Applying.Union(other.Applying)],
        Errors = [.. Errors, .. other.Errors],
        IsPermitted = IsPermitted && other.IsPermitted,
    };

    /// <summary>The verdict of the guard of that name.</summary>
    public Verdict Verdict(string guard)
    {
        if (Errors.Count > 0)
        {
            return Guardrails.Verdict.Deny(guard, $"{Names(Errors.Select(Named))} could not be evaluated", "Tell the owner of the policies: a rule that fails denies; `explain_access` names where");
        }

        if (Of(Severity.Block) is { Count: > 0 } blocks)
        {
            return Guardrails.Verdict.Deny(guard, Names(blocks.Select(rule => rule.ToString())), Remedy(blocks));
        }

        if (!IsPermitted)
        {
            return Guardrails.Verdict.Deny(guard, "no rule permits it", "Ask the owner of the policies, who permit nothing that they do not name");
        }

        var notices = Notices;
        if (Of(Severity.Escalate) is { Count: > 0 } escalates)
        {
            return Guardrails.Verdict.Ask(guard, Names(escalates.Select(rule => rule.ToString())), escalates.Max(rule => rule.People), Remedy(escalates)) with { Notices = notices };
        }

        return notices.Count == 0 ? Guardrails.Verdict.Allow
            : Guardrails.Verdict.Noted(guard, Names(notices.OrderByDescending(notice => notice.Severity).Select(notice => notice.Rule)), notices.Max(notice => notice.Severity)) with { Notices = notices };
    }

    /// <summary>What does not refuse but is told.</summary>
    public IReadOnlyList<Notice> Notices =>
        [.. Applying.Where(rule => rule.Severity is not (null or Severity.Block)).Select(rule => new Notice(rule.ToString(), rule.Severity!.Value, rule.Remedy ?? "", rule.Label))];

    private List<Rule> Of(Severity severity) => [.. Applying.Where(rule => rule.Severity == severity)];

    private static string Named(PolicyError error) => $"{error.Policy.Id} ({error.Position.File}:{error.Position.Line})";

    private static string Remedy(List<Rule> rules) =>
        string.Join(". ", rules.Select(rule => rule.Remedy?.TrimEnd('.')).OfType<string>().Distinct()) is { Length: > 0 } remedy ? remedy
        : "Change the call so that the rule does not apply; `explain_access` says what it looks at";

    private static string Names(IEnumerable<string> names)
    {
        var all = names.Distinct().ToList();
        return string.Join(", ", all.Take(MostNamed)) + (all.Count > MostNamed ? $" and {all.Count - MostNamed} more" : "");
    }
}
