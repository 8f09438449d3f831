using System.Globalization;
using System.Text.Json.Nodes;
using McpInfra.Guardrails;
using McpInfra.Tools.Resources;

namespace McpInfra.Tools.Plans;

/// <summary>A drift report as an answer: what differs, attribute by attribute, then how it was found; in pages of at most two thousand tokens.</summary>
internal static class DriftText
{
    private const int MostBytes = 5000;

    /// <summary>The page from a position on.</summary>
    public static Answer Of(DriftReport report, int from)
    {
        var rows = report.Contents.Changes.SelectMany(change => Rows(change, report.Impact.GetValueOrDefault(change.Address))).ToList();
        var (listed, next) = Paged.Of([new Section("", "addresses, resource ids, names and values", [.. rows.Select(row => row.Text)])], from, MostBytes);
        var shown = rows.Skip(from).Take((int)(next ?? rows.Count) - from).ToList();
        var cursor = next is { } place ? Cursor.Of((int)place, report.Id) : null;
        List<Part> parts = [new(Trust.Own, Head(report)), .. listed.Where(part => part.Text.Length > 0)];
        if (from == 0)
        {
            PlanText.AddChecks(parts, report.Checks);
            PlanText.Add(parts, "Not compared", report.NotCompared, "addresses and attributes");
            PlanText.Add(parts, "Endpoints", report.Endpoints, "endpoints");
        }

        parts.Add(new Part(Trust.Own, cursor is null ? Next(report) : $"More: the same call with cursor `{cursor}`."));
        return new Answer(parts) { Structured = Structured(report, shown, cursor) };
    }

    /// <summary>The report is still being made.</summary>
    public static Answer Running(string id) => new([new Part(Trust.Own, $"**{id} is running.** Call detect_drift again with the same arguments to wait on.")])
    {
        Structured = new JsonObject
        {
            ["drift"] = id, ["status"] = "running", ["resources"] = new JsonArray(), ["notCompared"] = new JsonArray(), ["checks"] = new JsonArray(), ["cursor"] = null,
        },
    };

    private static string Head(DriftReport report)
    {
        var (changed, gone) = (report.Contents.Changes.Count(change => change.Action != "delete"), report.Contents.Changes.Count(change => change.Action == "delete"));
        var found = changed + gone == 0 ? "no drift" : $"{changed} changed, {gone} gone";
        return string.Create(CultureInfo.InvariantCulture,
            $"**{report.Id}**: {found}, of {report.Contents.Refreshed + gone} resources in the state (serial {report.Serial}). Environment {report.Environment ?? "unknown"}, {report.Time.UtcDateTime:yyyy-MM-dd HH:mm}Z.");
    }

    private static IEnumerable<Row> Rows(Engines.Terraform.ChangeRead change, AddressImpact? impact)
    {
        var gone = change.Action == "delete";
        var known = impact is null ? "" : string.Create(CultureInfo.InvariantCulture,
            $" ({impact.Resource}); used by {impact.Affected}{(impact.First.Count > 0 ? ": " + string.Join(", ", impact.First) : "")}");
        yield return new(change, impact, null, Lines.Flat($"{(gone ? "gone" : "changed")} {change.Address}{known}"));
        if (gone)
        {
            yield break;
        }

        foreach (var line in change.Lines)
        {
            yield return new(change, impact, line, "    " + Lines.Flat(line.ToString()));
        }

        if (change.Left > 0)
        {
            yield return new(change, impact, null, string.Create(CultureInfo.InvariantCulture, $"    … {change.Left} more attributes"));
        }

        if (change.NotCompared.Count > 0)
        {
            yield return new(change, impact, null, "    " + Lines.Flat($"not compared: {string.Join(", ", change.NotCompared)}"));
        }
    }

    private static string Next(DriftReport report) => report.Contents.Changes.Count == 0
        ? "What the state remembers is what is there. This compares only what the state manages; `search_resources` with managed=false finds the rest."
        : "A drift report is no plan. To let the code follow, plan the edits with `plan_change`; to bring the cloud back, a person applies the code as it is.";

    private static JsonObject Structured(DriftReport report, IReadOnlyList<Row> shown, string? cursor) => new()
    {
        ["drift"] = report.Id,
        ["status"] = "compared",
        ["resources"] = new JsonArray([.. shown.GroupBy(row => row.Change).Select(rows => (JsonNode)new JsonObject
        {
            ["address"] = rows.Key.Address,
            ["action"] = rows.Key.Action,
            ["resource"] = rows.First().Impact?.Resource,
            ["affected"] = rows.First().Impact?.Affected,
            ["attributes"] = new JsonArray([.. rows.Select(row => row.Attribute).OfType<Engines.Terraform.AttributeRead>()
                .Select(line => (JsonNode)new JsonObject { ["name"] = line.Name, ["old"] = line.Old, ["new"] = line.New })]),
            ["notCompared"] = new JsonArray([.. rows.Key.NotCompared.Select(name => JsonValue.Create(name))]),
        })]),
        ["notCompared"] = new JsonArray([.. report.NotCompared.Select(address => JsonValue.Create(address))]),
        ["checks"] = PlanText.Structured(report.Checks),
        ["cursor"] = cursor,
    };

    private sealed record Row(Engines.Terraform.ChangeRead Change, AddressImpact? Impact, Engines.Terraform.AttributeRead? Attribute, string Text);
}
