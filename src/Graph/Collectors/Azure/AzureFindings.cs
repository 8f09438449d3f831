using System.Runtime.CompilerServices;
using System.Text.Json;
using McpInfra.Graph.Collectors.Rest;

namespace McpInfra.Graph.Collectors.Azure;

/// <summary>What Defender for Cloud, Advisor and Policy find wrong, as Resource Graph tells it.</summary>
internal static class AzureFindings
{
    /// <summary>A table and how a row of it reads.</summary>
    internal sealed record Table(string Name, string Query, Func<JsonElement, Finding?> Read);

    public static IReadOnlyList<Table> Tables { get; } =
    [
        new("securityresources", """
            securityresources
            | where type =~ 'microsoft.security/assessments' and properties.status.code =~ 'Unhealthy'
            | project id, name, properties
            | order by id asc
            """, Assessment),
        new("advisorresources", """
            advisorresources
            | where type =~ 'microsoft.advisor/recommendations'
            | project id, name, properties
            | order by id asc
            """, Recommendation),
        new("policyresources", """
            policyresources
            | where type =~ 'microsoft.policyinsights/policystates' and properties.complianceState =~ 'NonCompliant'
            | project id, name, properties
            | order by id asc
            """, Noncompliance),
    ];

    public static async IAsyncEnumerable<Observation> ReadAsync(ResourceGraphQuery graph, string subscription, Table table, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var row in graph.RowsAsync(subscription, table.Query, stop))
        {
            if (table.Read(row) is { } finding)
            {
                yield return new Observation.Found(finding with { Account = subscription });
            }
        }
    }

    private static Finding? Assessment(JsonElement row) => row.Child("properties") is not { } about || row.Text("id") is not { } id ? null : new Finding
    {
        Id = id,
        Rule = row.Text("name") ?? id,
        Title = about.Text("displayName") ?? about.Child("metadata")?.Text("displayName") ?? "Unhealthy assessment",
        Severity = Severity(about.Child("metadata")?.Text("severity")),
        Tool = "Defender for Cloud",
        Resource = about.Child("resourceDetails")?.Text("Id") ?? about.Child("resourceDetails")?.Text("ResourceId") ?? Before(id, "/providers/Microsoft.Security/assessments/"),
        Help = Link(about.Child("links")?.Text("azurePortal")),
    };

    private static Finding? Recommendation(JsonElement row) => row.Child("properties") is not { } about || row.Text("id") is not { } id ? null : new Finding
    {
        Id = id,
        Rule = about.Text("recommendationTypeId") ?? about.Text("category") ?? id,
        Title = about.Child("shortDescription")?.Text("problem") ?? about.Text("category") ?? "Recommendation",
        Severity = Severity(about.Text("impact")),
        Tool = "Azure Advisor",
        Resource = about.Child("resourceMetadata")?.Text("resourceId") ?? Before(id, "/providers/Microsoft.Advisor/recommendations/"),
        Help = Link(about.Text("learnMoreLink")),
    };

    private static Finding? Noncompliance(JsonElement row) => row.Child("properties") is not { } about || row.Text("id") is not { } id ? null : new Finding
    {
        Id = id,
        Rule = about.Text("policyDefinitionName") ?? about.Text("policyDefinitionId") ?? id,
        Title = $"Not compliant with policy {about.Text("policyDefinitionName") ?? about.Text("policyAssignmentName")}",
        Severity = about.Text("policyDefinitionAction")?.Equals("deny", StringComparison.OrdinalIgnoreCase) is true ? "high" : "medium",
        Tool = "Azure Policy",
        Resource = about.Text("resourceId"),
    };

    private static string Severity(string? told) => told?.ToLowerInvariant() switch
    {
        "critical" => "critical",
        "high" => "high",
        "low" => "low",
        "informational" or "info" => "info",
        _ => "medium",
    };

    private static string? Before(string id, string part) => id.IndexOf(part, StringComparison.OrdinalIgnoreCase) is > 0 and var at ? id[..at] : null;

    private static string? Link(string? told) => told is null ? null : Uri.TryCreate(told.Contains("://", StringComparison.Ordinal) ? told : "https://" + told, UriKind.Absolute, out var link) && link.Scheme == "https" ? link.ToString() : null;
}
