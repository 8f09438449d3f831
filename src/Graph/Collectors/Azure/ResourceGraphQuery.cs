using System.Runtime.CompilerServices;
using System.Text.Json;
using McpInfra.Graph.Collectors.Rest;

namespace McpInfra.Graph.Collectors.Azure;

/// <summary>Asks Azure Resource Graph, page by page. Reads only: the service has no query that writes.</summary>
internal sealed class ResourceGraphQuery(RestClient client)
{
    private const string Path = "/providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01";
    private const int PageRows = 1000;

    /// <summary>The host that it asks.</summary>
    public Uri Origin => client.Origin;

    /// <summary>The rows of a query over one subscription, or over every one that the identity sees.</summary>
    /// <param name="subscription">The subscription; null for all that are seen.</param>
    /// <param name="query">The query.</param>
    /// <param name="stop">Ends it.</param>
    /// <param name="place">Where to begin, and what takes note of how far it came; null for a query that cannot go on.</param>
    /// <exception cref="RestException">It cannot be read to its end.</exception>
    public async IAsyncEnumerable<JsonElement> RowsAsync(string? subscription, string query, [EnumeratorCancellation] CancellationToken stop, Place? place = null)
    {
        long rows = place?.Rows ?? 0, total = 0;
        await foreach (var page in Paging.ReadAsync(client.Limits, token => client.QueryAsync(Path, Body(subscription, query, token), stop), Next, stop, place))
        {
            foreach (var row in Rows(page))
            {
                rows++;
                yield return row;
            }

            place?.Rows = rows;

            total = page.Child("totalRecords") is { ValueKind: JsonValueKind.Number } told && told.TryGetInt64(out var number) ? number : total;
        }

        if (rows < total)
        {
            throw new RestException(CloudFault.Incomplete, $"{rows} of {total} rows");
        }
    }

    private static object Body(string? subscription, string query, string? token)
    {
        var options = new Dictionary<string, object> { ["$top"] = PageRows, ["resultFormat"] = "objectArray" };
        if (token is not null)
        {
            options["$skipToken"] = token;
        }

        return subscription is null ? new { query, options } : new { subscriptions = new[] { subscription }, query, options };
    }

    // A result that was cut without a token to go on with is not all there is.
    private static string? Next(JsonElement page) => page.Text("$skipToken")
        ?? (page.Child("resultTruncated") is { } cut && cut.ToString().Equals("true", StringComparison.OrdinalIgnoreCase) ? throw new RestException(CloudFault.Incomplete, "a result that was cut") : null);

    private static IEnumerable<JsonElement> Rows(JsonElement page) => page.Child("data") switch
    {
        { ValueKind: JsonValueKind.Array } rows => rows.EnumerateArray(),
        { ValueKind: JsonValueKind.Object } table => Table(table), // As versions of the service before 2021 answer.
        _ => throw new RestException(CloudFault.Garbage, "an answer without rows"),
    };

    private static IEnumerable<JsonElement> Table(JsonElement table)
    {
        var columns = table.Items("columns").Select(column => column.Text("name") ?? "").ToList();
        foreach (var row in table.Items("rows").Where(row => row.ValueKind is JsonValueKind.Array))
        {
            yield return JsonSerializer.SerializeToElement(columns.Zip(row.EnumerateArray()).DistinctBy(cell => cell.First).ToDictionary(cell => cell.First, cell => cell.Second));
        }
    }
}
