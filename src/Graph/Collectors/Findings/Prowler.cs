using System.Text.Json;

namespace McpInfra.Graph.Collectors.Findings;

/// <summary>Prowler's own JSON of version 3, and the OCSF that versions from 4 on write.</summary>
internal sealed class Prowler : IFindingFormat
{
    public string Kind => "prowler";

    public string Name => "Prowler's JSON";

    public IReadOnlyList<string> Endings => [".json"];

    public FindingReport? Read(IReadOnlyList<JsonElement> values)
    {
        if (values is not [{ ValueKind: JsonValueKind.Array } records])
        {
            return null;
        }

        var all = records.EnumerateArray().ToList();
        return all.Exists(IsRecord) ? FindingReport.Of(all, IsRecord, good => good.Where(record => IsTold(record.Text("Status"))).Select(Finding)) : Ocsf.Of(all);
    }

    /// <summary>`{"CIS-1.4": ["2.1.5"]}` as `CIS-1.4 2.1.5`.</summary>
    public static IEnumerable<string?> Frameworks(JsonElement map) => map.Members().SelectMany(framework =>
        framework.Value.Items().Select(requirement => requirement.Text()).OfType<string>().Select(requirement => $"{framework.Name} {requirement}").DefaultIfEmpty(framework.Name));

    private static Finding Finding(JsonElement record)
    {
        var rule = FindingJson.Clean(record.Text("CheckID")) ?? "unnamed";
        var resources = FindingJson.Keys([record.Text("ResourceArn"), record.Text("ResourceId")]);
        var title = FindingJson.Clean(record.Text("StatusExtended") ?? record.Text("CheckTitle")) ?? rule;
        return new Finding
        {
            Id = FindingJson.Id("Prowler", rule, record.Text("FindingUniqueId"), [title, record.Text("Region"), .. resources]),
            Rule = rule, Title = title, Tool = "Prowler",
            Severity = FindingJson.Severity(record.Text("Severity")) ?? "medium",
            Status = record.Text("Status") == "MUTED" || record.Get("Muted").ValueKind is JsonValueKind.True ? FindingStatus.Suppressed : FindingStatus.Open,
            Resource = resources.Count > 0 ? resources[0] : null,
            Help = FindingJson.Link(record.Get("Remediation", "Recommendation").Text("Url") ?? record.Text("RelatedUrl")),
            Remedy = FindingJson.Clean(record.Get("Remediation", "Recommendation").Text("Text")),
            Frameworks = FindingJson.Frameworks(Frameworks(record.Get("Compliance"))),
            Account = FindingJson.Clean(record.Text("AccountId") ?? record.Text("SubscriptionId") ?? record.Text("ProjectId") ?? record.Text("Subscription")),
            Region = FindingJson.Clean(record.Text("Region")),
        };
    }

    private static bool IsRecord(JsonElement record) => record.Text("CheckID") is not null && record.Text("Status") is not null;

    private static bool IsTold(string? status) => status is "FAIL" or "WARNING" or "MUTED";
}
