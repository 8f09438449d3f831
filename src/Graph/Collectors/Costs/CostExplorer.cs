using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using McpInfra.Graph.Collectors.Aws;
using FindingJson = McpInfra.Graph.Collectors.Findings.FindingJson;

namespace McpInfra.Graph.Collectors.Costs;

/// <summary>AWS Cost Explorer: this and the two months before, by service and account; of this one's last fortnight the machines by resource, where the account has that on. Each page that is asked for costs a cent.</summary>
internal static class CostExplorer
{
    private const int Months = 2;
    private const int MostDaysByResource = 13;

    public static IReadOnlyList<Listing> Listings { get; } =
    [
        new("ce", "cost", "ce:GetCostAndUsage", ByServiceAsync) { Global = true },
        new("ce", "cost by resource", "ce:GetCostAndUsageWithResources (and switch on resource-level data in the preferences of Cost Explorer)", ByResourceAsync) { Global = true, Off = "DataUnavailableException" },
    ];

    private static IAsyncEnumerable<Observation> ByServiceAsync(AwsScope scope, CancellationToken stop)
    {
        var (first, tomorrow) = (Month(Today(scope)), Today(scope).AddDays(1));
        return AskAsync(scope, "GetCostAndUsage", first.AddMonths(-Months), tomorrow, ["SERVICE", "LINKED_ACCOUNT"], null, stop);
    }

    private static IAsyncEnumerable<Observation> ByResourceAsync(AwsScope scope, CancellationToken stop)
    {
        var (today, first) = (Today(scope), Month(Today(scope)));
        var from = today.AddDays(-MostDaysByResource) > first ? today.AddDays(-MostDaysByResource) : first;
        var filter = new { Dimensions = new { Key = "SERVICE", Values = new[] { "Amazon Elastic Compute Cloud - Compute" } } };
        return AskAsync(scope, "GetCostAndUsageWithResources", from, today.AddDays(1), ["RESOURCE_ID", "SERVICE"], filter, stop);
    }

    private static DateOnly Today(AwsScope scope) => DateOnly.FromDateTime(scope.Connection.Now.UtcDateTime);

    private static DateOnly Month(DateOnly day) => new(day.Year, day.Month, 1);

    private static async IAsyncEnumerable<Observation> AskAsync(
        AwsScope scope, string action, DateOnly from, DateOnly to, string[] groups, object? filter, [EnumeratorCancellation] CancellationToken stop)
    {
        var pages = Pages.ReadAsync(
            scope,
            token => scope.Signed.JsonAsync(AwsService.CostExplorer, action, Arguments(from, to, groups, filter, token), stop),
            page => page.Text("NextPageToken"), stop, scope.Place);
        await foreach (var period in pages.SelectMany(page => AwsAnswer.List(page, "ResultsByTime", "NextPageToken")).ConfigureAwait(false))
        {
            foreach (var charge in period.Items("Groups").Select(group => Charge(period, group, groups) ?? throw new AwsException(CloudFault.Garbage, "a cost without its amount, currency, time or keys")))
            {
                yield return new Observation.Charged(charge);
            }
        }
    }

    private static Charge? Charge(JsonElement period, JsonElement group, string[] groups)
    {
        var keys = group.Texts("Keys").ToList();
        var billed = group.Child("Metrics")?.Child("UnblendedCost");
        if (Day(period.Child("TimePeriod")?.Text("Start")) is not { } start || Day(period.Child("TimePeriod")?.Text("End")) is not { } until || Amount(billed) is not { } amount
            || FindingJson.Clean(billed?.Text("Unit")) is not { Length: 3 } currency || keys.Count != groups.Length)
        {
            return null;
        }

        var resource = Of("RESOURCE_ID");
        return new Charge
        {
            Resource = resource is null or "NoResourceId" ? null : FindingJson.Key(resource), Service = FindingJson.Clean(Of("SERVICE")) ?? "unnamed", Account = FindingJson.Clean(Of("LINKED_ACCOUNT")),
            Currency = currency, Month = new DateOnly(start.Year, start.Month, 1), Until = until, Billed = amount, Effective = Amount(group.Child("Metrics")?.Child("AmortizedCost")) ?? amount,
        };

        string? Of(string name) => Array.IndexOf(groups, name) is >= 0 and var at ? keys[at] : null;
    }

    private static Dictionary<string, object> Arguments(DateOnly from, DateOnly to, string[] groups, object? filter, string? token)
    {
        var arguments = new Dictionary<string, object>
        {
            ["TimePeriod"] = new { Start = from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), End = to.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) },
            ["Granularity"] = "MONTHLY",
            ["Metrics"] = new[] { "UnblendedCost", "AmortizedCost" },
            ["GroupBy"] = groups.Select(group => new { Type = "DIMENSION", Key = group }).ToArray(),
        };
        if (filter is not null)
        {
            arguments["Filter"] = filter;
        }

        if (token is not null)
        {
            arguments["NextPageToken"] = token;
        }

        return arguments;
    }

    private static decimal? Amount(JsonElement? metric) =>
        decimal.TryParse(metric?.Text("Amount"), NumberStyles.Float, CultureInfo.InvariantCulture, out var amount) && Math.Abs(amount) < 1_000_000_000_000m ? amount : null;

    private static DateOnly? Day(string? text) => DateOnly.TryParseExact(text is { Length: >= 10 } ? text[..10] : text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
