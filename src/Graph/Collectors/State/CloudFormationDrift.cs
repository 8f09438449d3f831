using System.Text.Json.Nodes;
using System.Xml.Linq;
using McpInfra.Graph.Collectors.Aws;
using McpInfra.Graph.Collectors.Rest;
using McpInfra.Graph.Drift;

namespace McpInfra.Graph.Collectors.State;

/// <summary>The results of a stack's last drift detection, property by property.</summary>
internal static class CloudFormationDrift
{
    /// <summary>What it is read with. It starts no detection.</summary>
    public const string Permission = "cloudformation:DescribeStackResourceDrifts";

    private const int MostRows = 500;

    private static readonly KeptValues Values = new(KeptFacts.Of("Aws"));

    /// <summary>Rows of <see cref="StackDrift.Fact"/>, in order, so many at most.</summary>
    public static async Task<JsonArray> ReadAsync(AwsScope scope, string stack, CancellationToken stop)
    {
        var rows = new List<JsonObject>();
        var pages = Pages.ReadAsync(
            scope,
            token => scope.Signed.QueryAsync(
                AwsService.CloudFormation, "DescribeStackResourceDrifts",
                [("StackName", stack), ("StackResourceDriftStatusFilters.member.1", "MODIFIED"), ("StackResourceDriftStatusFilters.member.2", "DELETED"), ("MaxResults", "100"), ("NextToken", token)], stop),
            page => page.Text("NextToken"), stop);
        await foreach (var resource in pages.SelectMany(page => AwsAnswer.List(page, "StackResourceDrifts", "NextToken")).ConfigureAwait(false))
        {
            if (resource.Text("LogicalResourceId") is { } logical && rows.Count < MostRows)
            {
                rows.AddRange(resource.Text("StackResourceDriftStatus") == "DELETED"
                    ? [StackDrift.Row(logical, "resource", "present", "deleted")]
                    : resource.Items("PropertyDifferences").Select(difference => Row(logical, difference)));
            }
        }

        return [.. rows.OrderBy(row => (string?)row["Resource"], StringComparer.Ordinal).ThenBy(row => (string?)row["Property"], StringComparer.Ordinal).Take(MostRows)];
    }

    private static JsonObject Row(string logical, XElement difference)
    {
        var path = (difference.Text("PropertyPath") ?? "").Trim('/');
        return StackDrift.Row(logical, path.Length > 400 ? path[..400] : path, Values.Of(path.Split('/'), difference.Text("ExpectedValue")), Values.Of(path.Split('/'), difference.Text("ActualValue")));
    }
}
