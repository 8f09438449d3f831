using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using McpInfra.Guardrails;

namespace McpInfra.Tools.Plans;

/// <summary>A plan as an answer: what would change and what that touches first, then how it was checked, in at most two thousand tokens.</summary>
internal static class PlanText
{
    private const int MostListed = 40;
    private const int MostDiffBytes = 4000;

    public static Answer Of(Plan plan, PlanEvidence evidence, IReadOnlyDictionary<string, AddressImpact> impact, Tier tier)
    {
        var parts = new List<Part> { new(Trust.Own, Head(plan)) };
        if (plan.Changes.Count > 0 || evidence.Contents.Outputs.Count > 0)
        {
            parts.Add(new Part(Trust.Tenant, Listed(plan, impact), "addresses, resource ids and names"));
            parts.Add(new Part(Trust.Tenant, Cut(plan.Diff, MostDiffBytes), "the masked diff"));
        }

        AddChecks(parts, plan.Checks);
        Add(parts, "Warnings", evidence.Rules.Warnings.Select(warning => warning.ToString()), "places in the code");
        Add(parts, "Not compared", evidence.NotCompared, "addresses and attributes");
        Add(parts, "Endpoints", evidence.Endpoints, "endpoints");
        parts.Add(new Part(Trust.Own, Next(plan, tier)));
        return new Answer(parts) { Structured = Structured(plan) };
    }

    /// <summary>The plan is still being made.</summary>
    public static Answer Running(string id) => new([new Part(Trust.Own, $"**{id} is running.** Call plan_change again with the same arguments to wait on.")])
    {
        Structured = new JsonObject { ["plan"] = id, ["digest"] = null, ["status"] = "running", ["changes"] = new JsonArray(), ["checks"] = new JsonArray() },
    };

    private static string Head(Plan plan)
    {
        var counts = plan.Changes.GroupBy(change => change.Action).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Count()} to {group.Key}");
        var summary = plan.Changes.Count == 0 ? "No resource would change" : string.Join(", ", counts);
        return $"**{plan.Id}**: {summary}. Environment {plan.Environment ?? "unknown"}, digest `{plan.Digest[..16]}`, base `{plan.Base[..Math.Min(12, plan.Base.Length)]}`.";
    }

    private static string Listed(Plan plan, IReadOnlyDictionary<string, AddressImpact> impact)
    {
        var text = new StringBuilder();
        foreach (var change in plan.Changes.Take(MostListed))
        {
            text.Append(CultureInfo.InvariantCulture, $"{change.Action} {change.Address}");
            if (impact.GetValueOrDefault(change.Address) is { } known)
            {
                text.Append(CultureInfo.InvariantCulture, $" ({known.Resource}); used by {known.Affected}{(known.First.Count > 0 ? ": " + string.Join(", ", known.First) : "")}");
            }

            text.Append('\n');
        }

        return text.Append(plan.Changes.Count > MostListed ? $"… and {plan.Changes.Count - MostListed} more\n" : "").ToString();
    }

    private static string Next(Plan plan, Tier tier) =>
        plan.Files.Count == 0 ? "Nothing differs from the base, so there is nothing to propose."
        : tier >= Tier.Draft ? $"Next: `propose_change` with plan `{plan.Id}`. The plan is void once its base, state, engine or policies move."
        : "This agent type may plan but not propose. Hand the plan to a person, or use an agent type of tier draft.";

    /// <summary>A list under a title, cut after twenty lines; nothing when there is none.</summary>
    public static void Add(List<Part> parts, string title, IEnumerable<string> lines, string source)
    {
        var listed = lines.Take(21).ToList();
        if (listed.Count > 0)
        {
            parts.Add(new Part(Trust.Own, $"**{title}**"));
            parts.Add(new Part(Trust.Tenant, string.Join('\n', listed.Take(20)) + (listed.Count > 20 ? "\n… and more" : ""), source));
        }
    }

    /// <summary>What was checked, in our own words, and what the code calls what it was about.</summary>
    public static void AddChecks(List<Part> parts, IReadOnlyList<PlanCheck> checks)
    {
        parts.Add(new Part(Trust.Own, "**Checked**\n" + string.Join('\n', checks.Select(check => $"- {check.Name}: {(check.Passed ? "" : "**not passed**: ")}{check.Note}"))));
        Add(parts, "Named there", checks.SelectMany(check => check.Named), "names in the code");
    }

    private static string Cut(string text, int most) => text.Length <= most ? text : string.Concat(text.AsSpan(0, text.LastIndexOf('\n', most)), "\n… cut");

    /// <summary>Checks as JSON.</summary>
    public static JsonArray Structured(IReadOnlyList<PlanCheck> checks) =>
        [.. checks.Select(check => new JsonObject { ["name"] = check.Name, ["passed"] = check.Passed, ["note"] = check.Told() })];

    private static JsonObject Structured(Plan plan) => new()
    {
        ["plan"] = plan.Id,
        ["digest"] = plan.Digest,
        ["status"] = "planned",
        ["changes"] = new JsonArray([.. plan.Changes.Select(change => new JsonObject { ["address"] = change.Address, ["action"] = change.Action, ["resource"] = change.Resource })]),
        ["checks"] = Structured(plan.Checks),
    };
}
