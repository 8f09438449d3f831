using System.Runtime.CompilerServices;
using System.Text.Json;
using McpInfra.Graph.Collectors.Findings;

namespace McpInfra.Graph.Collectors.Azure;

/// <summary>What Defender for Cloud, Advisor and Policy find wrong, as Resource Graph tells it.</summary>
internal static class AzureFindings
{
    private const string Frameworks = """
        securityresources
        | where type =~ 'microsoft.security/regulatorycompliancestandards/regulatorycompliancecontrols/regulatorycomplianceassessments' and properties.state =~ 'Failed'
        | project id, name, type
        | order by id asc
        """;

    /// <summary>A table, and how a row of it reads with the frameworks that name assessments.</summary>
    internal sealed record Table(string Name, string Query, Func<JsonElement, ILookup<string, string?>, Finding?> Read);

    public static IReadOnlyList<Table> Tables { get; } =
    [
        new("securityresources", """
            securityresources
            | where (type =~ 'microsoft.security/assessments' and (properties.status.code =~ 'Unhealthy' or properties.status.cause =~ 'Exempt'))
                or (type =~ 'microsoft.security/assessments/subassessments' and properties.status.code =~ 'Unhealthy')
                or type =~ 'microsoft.security/locations/alerts'
            | project id, name, type, subscriptionId, properties
            | order by id asc
            """, Defender.Finding),
        new("advisorresources", """
            advisorresources
            | where type =~ 'microsoft.advisor/recommendations'
            | project id, name, properties
            | order by id asc
            """, (row, _) => Recommendation(row)),
        new("policyresources", """
            policyresources
            | where type =~ 'microsoft.policyinsights/policystates' and properties.complianceState =~ 'NonCompliant'
            | project id, name, properties
            | order by id asc
            """, (row, _) => Noncompliance(row)),
    ];

    public static async IAsyncEnumerable<Observation> ReadAsync(ResourceGraphQuery graph, string subscription, Table table, Place place, [EnumeratorCancellation] CancellationToken stop)
    {
        var frameworks = Defender.Frameworks(table.Name == "securityresources" ? await graph.RowsAsync(subscription, Frameworks, stop).ToListAsync(stop) : []);
        await foreach (var row in graph.RowsAsync(subscription, table.Query, stop, place))
        {
            if (table.Read(row, frameworks) is { } finding)
            {
                yield return new Observation.Found(finding with { Account = subscription });
            }
        }
    }

    private static Finding? Recommendation(JsonElement row) => row.Child("properties") is not { } about || row.Text("id") is not { } id ? null : Make(
        "Azure Advisor", id, about.Text("recommendationTypeId") ?? about.Text("category"), about.Child("shortDescription")?.Text("problem") ?? about.Text("category"), FindingJson.Severity(about.Text("impact")),
        about.Child("resourceMetadata")?.Text("resourceId") ?? Before(id, "/providers/Microsoft.Advisor/recommendations/")) with { Help = FindingJson.Link(about.Text("learnMoreLink")) };

    private static Finding? Noncompliance(JsonElement row) => row.Child("properties") is not { } about || row.Text("id") is not { } id ? null : Make(
        "Azure Policy", id, about.Text("policyDefinitionName") ?? about.Text("policyDefinitionId"), $"Not compliant with policy {about.Text("policyDefinitionName") ?? about.Text("policyAssignmentName")}",
        about.Text("policyDefinitionAction")?.Equals("deny", StringComparison.OrdinalIgnoreCase) is true ? "high" : "medium", about.Text("resourceId"));

    private static Finding Make(string tool, string id, string? rule, string? title, string? severity, string? resource)
    {
        var named = FindingJson.Clean(rule) ?? "unnamed";
        return new Finding
        {
            Id = FindingJson.Id(tool, named, id.ToLowerInvariant()), Rule = named, Title = FindingJson.Clean(title) ?? named, Severity = severity ?? "medium", Tool = tool, Resource = FindingJson.Key(resource),
        };
    }

    private static string? Before(string id, string part) => id.IndexOf(part, StringComparison.OrdinalIgnoreCase) is > 0 and var at ? id[..at] : null;
}
