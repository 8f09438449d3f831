using System.Security.Cryptography;
using System.Text;
using McpInfra.Guardrails;
using McpInfra.Tools.Plans;

namespace McpInfra.Tools.Proposals;

/// <summary>What a reviewer of a proposal is shown: why, what would change, on what the plan rests, what was checked, and who asked in which mode.</summary>
internal static class Evidence
{
    private const int MostListed = 3_000;
    private const int MostReason = 4_000;
    private const int MostChanges = 8_000;
    private const int MostDiff = 40_000;

    /// <summary>The body of the pull request, under the 65,536 characters that GitHub takes.</summary>
    public static string Body(Plan plan, ProposeChange.Args args, Call call, string defaultBranch) => string.Join("\n\n",
    [
        .. Listed("## Look here first", "Places in the code that may make the plan of CI differ from this one, or that reach further than this stack:", plan.Warnings),
        .. Listed("## Rules that took notice", "Rules of the operator apply to this change and do not refuse it:", [.. call.Notices.Select(Noticed)]),
        "## Why", ForgeText.Quote(args.Reason, MostReason),
        "## What would change", Counted(plan), ForgeText.Fence(Changes(plan), "text", MostChanges),
        "## Evidence", Facts(plan, args, call, defaultBranch),
        "## Checks", Checks(plan),
        .. Listed("## Not compared", "Resources that differ only by a token that stands for a secret, and attributes that hold such a token:", plan.NotCompared),
        .. Listed("## Endpoints", "What the plan reached, and what it was refused:", plan.Endpoints),
        "## Masked diff of the plan", ForgeText.Fence(plan.Diff.Length == 0 ? "(empty)" : plan.Diff, "diff", MostDiff),
        $"Opened by mcp-infra for a person to review. If anything in the digest moves before the merge, plan again. {Mode(call)}.",
    ]);

    /// <summary>The commit's message; its trailers hold the labels too, for forges that have none of their own.</summary>
    public static string Message(string title, Plan plan, Call call) =>
        $"{title}\n\nPlan: {plan.Id}\nPlan-Digest: {plan.Digest}\nAgent-Type: {ForgeText.Line(call.Caller.Agent.Name, 64)}\nAudit: {call.Id}\n{string.Concat(Labels(call).Select(label => $"Label: {label}\n"))}";

    /// <summary>What the rules that took notice label the proposal with.</summary>
    public static IReadOnlyList<string> Labels(Call call) => [.. call.Notices.Select(notice => notice.Label).OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    private static string Mode(Call call) => call.Caller.Enforced
        ? "Mode: enforced, the agent's account cannot write what guards it"
        : "Mode: same user, not enforced: whoever ran the agent could have written anything here";

    private static string Facts(Plan plan, ProposeChange.Args args, Call call, string defaultBranch)
    {
        var facts = new List<(string Name, string Value)>
        {
            ("Plan", $"{plan.Id} of {plan.Time.UtcDateTime:yyyy-MM-dd HH:mm} UTC"), ("Plan digest", plan.Digest),
            ("Base", $"{defaultBranch} at {plan.Base}"), ("Tree", plan.Tree),
            ("Stack", $"{plan.Stack} in {plan.Repository}, environment {plan.Environment ?? "unknown"}"),
            ("Finding", args.Finding ?? "none named"),
            ("Agent type", call.Caller.Agent.Name), ("Person", call.Caller.Person ?? "none, a schedule"), ("Session", Fingerprint(call.Caller.Session.Id)),
            ("Approval", call.Approval ?? "none was wanted"), ("Mode", call.Caller.Enforced ? "enforced" : "same user, not enforced"), ("Audit", call.Id),
        };
        return "| | |\n|---|---|\n" + string.Join('\n', facts.Select(fact => $"| {fact.Name} | `{ForgeText.Line(fact.Value, 200).Replace('|', '/')}` |"));
    }

    private static IEnumerable<string> Listed(string title, string what, IReadOnlyList<string> lines) =>
        lines.Count == 0 ? [] : [title, what, ForgeText.Fence(string.Join('\n', lines), "text", MostListed)];

    private static string Noticed(Notice notice) =>
        $"{notice.Severity.ToString().ToLowerInvariant()}: {notice.Rule}{(notice.Remedy.Length > 0 ? $". {notice.Remedy.TrimEnd('.')}" : "")}{(notice.Label is { } label ? $" (label {label})" : "")}";

    private static string Counted(Plan plan)
    {
        var counts = plan.Changes.GroupBy(change => change.Action).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Count()} to {ForgeText.Line(group.Key, 20)}");
        return plan.Changes.Count == 0 ? "The plan changes no resource." : string.Join(", ", counts) + ".";
    }

    private static string Changes(Plan plan) =>
        plan.Changes.Count == 0 ? "(none)" : string.Join('\n', plan.Changes.Select(Change));

    private static string Change(PlannedChange change) =>
        $"{change.Action,-8} {change.Address}{(change.Resource is null ? "" : $"  {change.Resource}")}{(change.Affected is { } affected ? $"  used by {affected}" : "")}";

    private static string Checks(Plan plan) =>
        plan.Checks.Count == 0 ? "None." : string.Join('\n', plan.Checks.Select(check => $"- {(check.Passed ? "passed" : "FAILED")}: {ForgeText.Line(check.Name, 100)}: {ForgeText.Line(check.Told(), 300)}"));

    // A session's id may be what admits its holder; a pull request shows enough to compare, not to use.
    private static string Fingerprint(string session) => "sha256 " + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(session)))[..16];
}
