using System.Text.Json;

namespace McpInfra.Graph.Collectors.Findings;

/// <summary>Rows of the table `securityresources` of Azure Resource Graph: assessments, their sub-assessments, alerts, and what frameworks they belong to.</summary>
internal sealed class Defender : IFindingFormat
{
    private const string Tool = "Microsoft Defender for Cloud";

    public string Kind => "defender";

    public string Name => "rows of Azure Resource Graph's securityresources";

    public IReadOnlyList<string> Endings => [".json"];

    public FindingReport? Read(IReadOnlyList<JsonElement> values)
    {
        var rows = values.SelectMany(value => value.ValueKind is JsonValueKind.Array ? value.Items() : value.Items("data")).ToList();
        var isAnswer = values is [{ ValueKind: JsonValueKind.Array }] || (values.Count == 1 && values[0].Get("data").ValueKind is JsonValueKind.Array);
        return isAnswer ? FindingReport.Of(rows, IsRow, Findings) : null;
    }

    /// <summary>The findings of rows: what is healthy or does not apply is left out.</summary>
    public static IEnumerable<Finding> Findings(IReadOnlyList<JsonElement> rows)
    {
        var frameworks = Frameworks(rows);
        return rows.Select(row => Finding(row, frameworks)).OfType<Finding>();
    }

    /// <summary>The frameworks that name an assessment, by its key.</summary>
    public static ILookup<string, string?> Frameworks(IEnumerable<JsonElement> rows) => rows
        .Where(row => Is(row, "regulatorycompliancestandards/regulatorycompliancecontrols/regulatorycomplianceassessments"))
        .Select(row => (Key: row.Text("name") ?? "", Framework: Framework(row.Text("id"))))
        .ToLookup(pair => pair.Key, pair => pair.Framework, StringComparer.OrdinalIgnoreCase);

    /// <summary>The finding of a row; null for what is healthy, does not apply or is none.</summary>
    public static Finding? Finding(JsonElement row, ILookup<string, string?> frameworks) => true switch
    {
        _ when Is(row, "assessments") => Assessment(row, frameworks),
        _ when Is(row, "assessments/subassessments") => SubAssessment(row),
        _ when Is(row, "locations/alerts") || Is(row, "alerts") => Alert(row),
        _ => null,
    };

    private static bool IsRow(JsonElement row) => row.Text("type")?.StartsWith("microsoft.security/", StringComparison.OrdinalIgnoreCase) == true && row.Get("properties").ValueKind is JsonValueKind.Object;

    private static Finding? Assessment(JsonElement row, ILookup<string, string?> frameworks)
    {
        var properties = row.Get("properties");
        var (code, cause) = (properties.Get("status").Text("code"), properties.Get("status").Text("cause"));
        if (code != "Unhealthy" && cause != "Exempt")
        {
            return null;
        }

        var key = row.Text("name") ?? "unnamed";
        return Make(row, FindingJson.Clean(key) ?? "unnamed", properties.Text("displayName") ?? properties.Get("metadata").Text("displayName"), properties.Get("metadata").Text("severity"),
            cause == "Exempt" ? FindingStatus.Suppressed : FindingStatus.Open, properties.Get("resourceDetails")) with
        {
            Remedy = FindingJson.Clean(properties.Get("metadata").Text("remediationDescription")),
            Frameworks = FindingJson.Frameworks(frameworks[key]),
        };
    }

    private static Finding? SubAssessment(JsonElement row)
    {
        var properties = row.Get("properties");
        var weakness = properties.Get("additionalData").Items("cve").FirstOrDefault().Text("title") ?? properties.Text("id") ?? row.Text("name");
        return properties.Get("status").Text("code") != "Unhealthy" ? null
            : Make(row, FindingJson.Clean(weakness) ?? "unnamed", properties.Text("displayName"), properties.Get("status").Text("severity"), FindingStatus.Open, properties.Get("resourceDetails")) with
            {
                Remedy = FindingJson.Clean(properties.Text("remediation")),
            };
    }

    private static Finding Alert(JsonElement row)
    {
        var properties = row.Get("properties");
        var resources = FindingJson.Keys(Either(properties, "ResourceIdentifiers").Items().Select(one => Either(one, "AzureResourceId").Text()));
        var status = Either(properties, "Status").Text() switch { "Dismissed" => FindingStatus.Suppressed, "Resolved" => FindingStatus.Resolved, _ => FindingStatus.Open };
        return Make(row, FindingJson.Clean(Either(properties, "AlertType").Text()) ?? "alert", Either(properties, "AlertDisplayName").Text(), Either(properties, "Severity").Text(), status, default) with
        {
            Resource = resources.Count > 0 ? resources[0] : null, Others = [.. resources.Skip(1)],
            Since = Either(properties, "StartTimeUtc").Time() ?? Either(properties, "TimeGeneratedUtc").Time(),
        };
    }

    private static Finding Make(JsonElement row, string rule, string? title, string? severity, FindingStatus status, JsonElement resource) => new()
    {
        Id = FindingJson.Id(Tool, rule, row.Text("id")?.ToLowerInvariant(), title),
        Rule = rule, Title = FindingJson.Clean(title) ?? rule, Severity = FindingJson.Severity(severity) ?? "medium", Tool = Tool, Status = status,
        Resource = FindingJson.Key(Either(resource, "Id").Text() ?? Either(resource, "ResourceId").Text() ?? Before(row.Text("id"))),
        Account = FindingJson.Clean(row.Text("subscriptionId")?.ToLowerInvariant()),
        Help = FindingJson.Link(row.Get("properties", "links").Text("azurePortal") is { } portal ? "https://" + portal.Replace("https://", "", StringComparison.OrdinalIgnoreCase) : null),
    };

    /// <summary>A member whose name begins with a capital or not: the table has both.</summary>
    private static JsonElement Either(JsonElement value, string name) =>
        value.Get(name) is { ValueKind: not JsonValueKind.Undefined } found ? found : value.Get(char.ToLowerInvariant(name[0]) + name[1..]);

    /// <summary>What an assessment's id says it is of.</summary>
    private static string? Before(string? id) => id?.IndexOf("/providers/Microsoft.Security/", StringComparison.OrdinalIgnoreCase) is > 0 and var at ? id[..at] : null;

    private static bool Is(JsonElement row, string type) => string.Equals(row.Text("type"), "microsoft.security/" + type, StringComparison.OrdinalIgnoreCase);

    private static string? Framework(string? id)
    {
        var steps = id?.Split('/') ?? [];
        var (standard, control) = (After(steps, "regulatoryComplianceStandards"), After(steps, "regulatoryComplianceControls"));
        return standard is null ? null : control is null ? standard : $"{standard} {control}";
    }

    private static string? After(string[] steps, string name)
    {
        var at = Array.FindIndex(steps, step => step.Equals(name, StringComparison.OrdinalIgnoreCase));
        return at >= 0 && at + 1 < steps.Length ? steps[at + 1] : null;
    }
}
