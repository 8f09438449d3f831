namespace McpInfra.Guardrails;

/// <summary>A guard's decision. Rule and remedy are our own words: never a word of the request.</summary>
public sealed record Verdict
{
    private Verdict(Decision decision, string guard, string rule, string remedy, Severity severity) =>
        (Decision, Guard, Rule, Remedy, Severity) = (decision, guard, rule, remedy, severity);

    /// <summary>What was decided.</summary>
    public Decision Decision { get; }

    /// <summary>The guard's name as the contract lists it.</summary>
    public string Guard { get; }

    /// <summary>The rule that decided, as a phrase.</summary>
    public string Rule { get; }

    /// <summary>What would help, as a phrase.</summary>
    public string Remedy { get; }

    /// <summary>How grave it is.</summary>
    public Severity Severity { get; }

    /// <summary>How many people must approve; 1 or more when <see cref="Decision"/> is Ask.</summary>
    public int People { get; private init; }

    /// <summary>The approval that would admit this exact call, when one was asked for.</summary>
    public string? Approval { get; init; }

    /// <summary>Rules that applied and did not refuse.</summary>
    public IReadOnlyList<Notice> Notices { get; init; } = [];

    /// <summary>Where the text stands that made it so, and what its words do; no word of the text.</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];

    /// <summary>Nothing against it.</summary>
    public static Verdict Allow { get; } = new(Decision.Allow, "", "", "", Severity.Audit);

    /// <summary>Allowed, but a rule took notice; the trail records it.</summary>
    public static Verdict Noted(string guard, string rule, Severity severity) => new(Decision.Allow, guard, rule, "", severity);

    /// <summary>Refused.</summary>
    public static Verdict Deny(string guard, string rule, string remedy) => new(Decision.Deny, guard, rule, remedy, Severity.Block);

    /// <summary>Refused until people have approved exactly this call.</summary>
    public static Verdict Await(string guard, string rule, string remedy, string approval) =>
        new(Decision.Deny, guard, rule, remedy, Severity.Escalate) { Approval = approval };

    /// <summary>Only with the approval of that many people.</summary>
    public static Verdict Ask(string guard, string rule, int people, string remedy) =>
        new(Decision.Ask, guard, rule, remedy, Severity.Escalate) { People = Math.Max(1, people) };
}
