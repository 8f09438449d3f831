using System.Text.Json;

namespace McpInfra.Graph.Collectors.Findings;

/// <summary>Findings of the Open Cybersecurity Schema Framework, versions 1.0 to 1.5: an array, or one event after another.</summary>
internal sealed class Ocsf : IFindingFormat
{
    private const int FindingsCategory = 2;
    private const string Major = "1.";

    public string Kind => "ocsf";

    public string Name => "OCSF findings (category 2 of version 1)";

    public IReadOnlyList<string> Endings => [".json", ".jsonl", ".ndjson"];

    public FindingReport? Read(IReadOnlyList<JsonElement> values)
    {
        var events = values.SelectMany(value => value.ValueKind is JsonValueKind.Array ? value.Items() : [value]).ToList();
        return Of(events);
    }

    public static FindingReport? Of(IReadOnlyList<JsonElement> events) => FindingReport.Of(events, IsFinding, good => good.Select(Finding).OfType<Finding>());

    public static bool IsFinding(JsonElement value) =>
        value.Number("class_uid") is { } type && type / 1000 == FindingsCategory && (value.Get("metadata").Text("version") ?? Major).StartsWith(Major, StringComparison.Ordinal);

    /// <summary>A finding; null for one that passed.</summary>
    public static Finding? Finding(JsonElement value)
    {
        if (value.Text("status_code")?.ToUpperInvariant() is "PASS" or "MANUAL" || value.Get("compliance").Number("status_id") is 1 || value.Get("compliance").Text("status")?.ToUpperInvariant() is "PASS")
        {
            return null;
        }

        var about = value.Get("finding_info") is { ValueKind: JsonValueKind.Object } now ? now : value.Get("finding");
        var tool = FindingJson.Clean(value.Get("metadata", "product").Text("name") ?? value.Get("metadata", "product").Text("vendor_name")) ?? "scanner";
        var title = FindingJson.Clean(value.Text("status_detail") ?? about.Text("title") ?? value.Text("message") ?? about.Text("desc")) ?? "untitled";
        var weakness = value.Items("vulnerabilities").FirstOrDefault();
        var rule = FindingJson.Clean(Rule(value, about, weakness)) ?? title;
        var resources = FindingJson.Keys(value.Items("resources").Append(value.Get("resource")).Select(resource => resource.Text("uid") ?? resource.Text("name")));
        return new Finding
        {
            Id = FindingJson.Id(tool, rule, about.Text("uid"), [title, .. resources]),
            Rule = rule, Title = title, Severity = Severity(value, weakness), Tool = tool, Status = Status(value),
            Resource = resources.Count > 0 ? resources[0] : null, Others = [.. resources.Skip(1)],
            Help = FindingJson.Link(value.Get("remediation").Items("references").FirstOrDefault().Text() ?? about.Text("src_url")),
            Remedy = FindingJson.Clean(value.Get("remediation").Text("desc")),
            Frameworks = Frameworks(value),
            Account = FindingJson.Clean(value.Get("cloud", "account").Text("uid")),
            Region = FindingJson.Clean(value.Get("cloud").Text("region") ?? value.Items("resources").FirstOrDefault().Text("region")),
            Since = about.Get("first_seen_time_dt").Time() ?? about.Get("first_seen_time").Time() ?? about.Get("created_time_dt").Time() ?? about.Get("created_time").Time(),
        };
    }

    private static string? Rule(JsonElement value, JsonElement about, JsonElement weakness) =>
        weakness.Get("cve").Text("uid") ?? value.Get("metadata").Text("event_code") ?? value.Get("compliance").Text("control")
        ?? about.Get("analytic").Text("uid") ?? about.Get("analytic").Text("name") ?? about.Items("types").FirstOrDefault().Text() ?? about.Text("title");

    private static string Severity(JsonElement value, JsonElement weakness) => value.Number("severity_id") switch
    {
        1 => "info",
        2 => "low",
        3 => "medium",
        4 => "high",
        5 or 6 => "critical",
        _ => FindingJson.Severity(value.Text("severity")) ?? FindingJson.Severity(weakness.Text("severity")) ?? "info",
    };

    private static FindingStatus Status(JsonElement value) => value.Number("status_id") switch
    {
        3 => FindingStatus.Suppressed,
        4 or 5 => FindingStatus.Resolved,
        0 or 99 or null => value.Text("status")?.ToUpperInvariant() switch { "SUPPRESSED" => FindingStatus.Suppressed, "RESOLVED" or "ARCHIVED" => FindingStatus.Resolved, _ => FindingStatus.Open },
        _ => FindingStatus.Open,
    };

    /// <summary>The schema's own, and Prowler's map from framework to requirements.</summary>
    private static IReadOnlyList<string> Frameworks(JsonElement value)
    {
        var compliance = value.Get("compliance");
        var standards = compliance.Items("standards").Select(item => item.Text()).ToList();
        return FindingJson.Frameworks(
        [
            .. Prowler.Frameworks(value.Get("unmapped", "compliance")),
            .. standards is [var only] ? compliance.Items("requirements").Select(item => item.Text() is { } requirement ? $"{only} {requirement}" : null) : compliance.Items("requirements").Select(item => item.Text()),
            .. standards,
        ]);
    }
}
