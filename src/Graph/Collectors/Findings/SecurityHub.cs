using System.Runtime.CompilerServices;
using System.Text.Json;
using McpInfra.Graph.Collectors.Aws;
using McpInfra.Graph.Store;

namespace McpInfra.Graph.Collectors.Findings;

/// <summary>AWS Security Hub: every active finding of a region, or of all regions that it aggregates.</summary>
internal static class SecurityHub
{
    private const int MostFindings = 500_000;

    public static IReadOnlyList<Listing> Listings { get; } = [new("securityhub", Finding.Scope, "securityhub:GetFindings", FindingsAsync)];

    private static async IAsyncEnumerable<Observation> FindingsAsync(AwsScope scope, [EnumeratorCancellation] CancellationToken stop)
    {
        var place = scope.Place ?? new Place();
        var pages = Pages.ReadAsync(
            scope,
            token => scope.Signed.RestAsync(AwsService.SecurityHub, "/findings", Asked(token), stop),
            page => page.Text("NextToken"), stop, place);
        await foreach (var record in pages.SelectMany(page => AwsAnswer.List(page, "Findings", "NextToken")).ConfigureAwait(false))
        {
            // Of the place that tells it: an administrator's account tells those of its members, an aggregating region those of others.
            if (Asff.Finding(record) is { } finding && place.Know(Fingerprint.Of(finding.Id)))
            {
                place.Rows++;
                yield return new Observation.Found(finding with { Account = scope.Account, Region = scope.Region });
            }

            if (place.Rows > MostFindings)
            {
                throw new AwsException(CloudFault.TooLarge, $"more than {MostFindings} findings");
            }
        }
    }

    private static Dictionary<string, object> Asked(string? token)
    {
        var asked = new Dictionary<string, object>
        {
            ["Filters"] = new { RecordState = new[] { new { Value = "ACTIVE", Comparison = "EQUALS" } } },
            ["MaxResults"] = 100,
        };
        if (token is not null)
        {
            asked["NextToken"] = token;
        }

        return asked;
    }
}
