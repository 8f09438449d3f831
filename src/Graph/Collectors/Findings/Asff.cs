using System.Text.Json;

namespace McpInfra.Graph.Collectors.Findings;

/// <summary>The AWS Security Finding Format of 2018-10-08: Security Hub's own, what scanners export for it, and its events.</summary>
internal sealed class Asff : IFindingFormat
{
    private const string Version = "2018-10-08";
    private const string Control = "security-control/";

    public string Kind => "asff";

    public string Name => $"the AWS Security Finding Format (ASFF) of {Version}";

    public IReadOnlyList<string> Endings => [".json", ".jsonl", ".ndjson"];

    public FindingReport? Read(IReadOnlyList<JsonElement> values)
    {
        var records = values.SelectMany(Records).ToList();
        return records.Count == 0 && !values.Any(IsEmptyList) ? null : FindingReport.Of(records, IsRecord, good => good.Select(Finding).OfType<Finding>());
    }

    /// <summary>A finding; null for one that passed.</summary>
    public static Finding? Finding(JsonElement record)
    {
        if (record.Get("Compliance").Text("Status") is "PASSED" or "NOT_AVAILABLE")
        {
            return null;
        }

        var resources = FindingJson.Keys(record.Items("Resources").Select(resource => resource.Text("Id")));
        var tool = FindingJson.Clean(record.Text("ProductName") ?? record.Get("ProductFields").Text("aws/securityhub/ProductName") ?? Last(record.Text("ProductArn"))) ?? "Security Hub";
        var title = FindingJson.Clean(record.Text("Title") ?? record.Text("Description")) ?? "untitled";
        var rule = FindingJson.Clean(Rule(record)) ?? title;
        return new Finding
        {
            Id = FindingJson.Id(tool, rule, record.Text("Id"), [title, .. resources]),
            Rule = rule, Title = title, Severity = Severity(record), Tool = tool, Status = Status(record),
            Resource = resources.Count > 0 ? resources[0] : null, Others = [.. resources.Skip(1)],
            Help = FindingJson.Link(record.Get("Remediation", "Recommendation").Text("Url") ?? record.Text("SourceUrl")),
            Remedy = FindingJson.Clean(record.Get("Remediation", "Recommendation").Text("Text")),
            Frameworks = Frameworks(record),
            Account = FindingJson.Clean(record.Text("AwsAccountId")), Region = FindingJson.Clean(record.Text("Region") ?? record.Items("Resources").FirstOrDefault().Text("Region")),
            Since = record.Get("FirstObservedAt").Time() ?? record.Get("CreatedAt").Time(),
        };
    }

    private static IEnumerable<JsonElement> Records(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.Items(),
        JsonValueKind.Object when value.Get("Findings").ValueKind is JsonValueKind.Array => value.Items("Findings"),
        JsonValueKind.Object when value.Get("detail", "findings").ValueKind is JsonValueKind.Array => value.Get("detail").Items("findings"),
        JsonValueKind.Object => [value],
        _ => [],
    };

    private static bool IsEmptyList(JsonElement value) => value.ValueKind is JsonValueKind.Array || value.Get("Findings").ValueKind is JsonValueKind.Array || value.Get("detail", "findings").ValueKind is JsonValueKind.Array;

    private static bool IsRecord(JsonElement record) => 
        record.Text("SchemaVersion") is { } version ? version == Version : record.Text("ProductArn") is not null && record.Text("GeneratorId") is not null;

    private static string? Rule(JsonElement record)
    {
        var control = record.Get("Compliance").Text("SecurityControlId") ?? record.Get("ProductFields").Text("ControlId");
        var weakness = record.Items("Vulnerabilities").Select(one => one.Text("Id")).FirstOrDefault(id => id is not null);
        var generator = record.Text("GeneratorId") is { } named && named.StartsWith(Control, StringComparison.Ordinal) ? named[Control.Length..] : record.Text("GeneratorId");
        return control ?? weakness ?? (generator is null || generator.StartsWith("arn:aws:guardduty", StringComparison.Ordinal) ? record.Items("Types").FirstOrDefault().Text() ?? generator : generator);
    }

    private static string Severity(JsonElement record)
    {
        var severity = record.Get("Severity");
        return FindingJson.Severity(severity.Text("Label") ?? record.Get("FindingProviderFields", "Severity").Text("Label"))
            ?? severity.Number("Normalized") switch { >= 90 => "critical", >= 70 => "high", >= 40 => "medium", >= 1 => "low", _ => "info" };
    }

    private static FindingStatus Status(JsonElement record) => (record.Get("Workflow").Text("Status"), record.Text("RecordState")) switch
    {
        ("SUPPRESSED", _) => FindingStatus.Suppressed,
        ("RESOLVED", _) or (_, "ARCHIVED") => FindingStatus.Resolved,
        _ => FindingStatus.Open,
    };

    private static IReadOnlyList<string> Frameworks(JsonElement record) => FindingJson.Frameworks(
    [
        .. record.Get("Compliance").Items("RelatedRequirements").Select(item => item.Text()),
        .. record.Get("Compliance").Items("AssociatedStandards").Select(item => item.Text("StandardsId")),
        Last(record.Get("ProductFields").Text("StandardsArn") ?? record.Get("ProductFields").Text("StandardsGuideArn")),
    ]);

    private static string? Last(string? arn) => arn is null ? null : arn.Split(':') is [.., var last] ? last : arn;
}
