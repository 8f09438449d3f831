using Dapper;

namespace McpInfra.Graph.Queries;

/// <summary>Reads what a resource cost.</summary>
internal sealed class Costs(GraphReader reader)
{
    private const decimal Parts = 1_000_000m;
    private const int MostRows = 24;

    /// <summary>The latest months first; the dearest first within a month.</summary>
    public IReadOnlyList<CostRow> Of(ResourceRow resource) => [.. reader.Connection.Query<(string Service, string Currency, long Month, long Until, long Billed, long Effective, string Source)>(
        $"""
        SELECT service, currency, month, max(until), CAST(sum(billed) AS BIGINT), CAST(sum(effective) AS BIGINT), source FROM graph_cost WHERE organization = @organization AND node = @Node
        GROUP BY service, currency, month, source ORDER BY month DESC, sum(effective) DESC, service, currency, source LIMIT {MostRows}
        """, new { organization = reader.Organization, resource.Node })
        .Select(row => new CostRow(row.Service, row.Currency, Day(row.Month), Day(row.Until), row.Billed / Parts, row.Effective / Parts, row.Source))];

    private static DateOnly Day(long milliseconds) => DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime);
}

/// <summary>What a resource cost in a month.</summary>
/// <param name="Service">The provider's name of the service.</param>
/// <param name="Currency">Currency by its three letters.</param>
/// <param name="Month">The month's first day.</param>
/// <param name="Until">The day up to which it is told, not included.</param>
/// <param name="Billed">What is on the invoice.</param>
/// <param name="Effective">With discounts and prepaid fees spread.</param>
/// <param name="Source">The source that tells it.</param>
public sealed record CostRow(string Service, string Currency, DateOnly Month, DateOnly Until, decimal Billed, decimal Effective, string Source);
