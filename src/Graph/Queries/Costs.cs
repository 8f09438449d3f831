using Dapper;

namespace McpInfra.Graph.Queries;

/// <summary>Reads what a resource cost.</summary>
internal sealed class Costs(GraphReader reader)
{
    private const decimal Parts = 1_000_000m;

    /// <summary>Rows that are told of a resource at once.</summary>
    public const int MostRows = 48;

    /// <summary>The latest months first, the dearest first within a month; of the past the months that had begun.</summary>
    public IReadOnlyList<CostRow> Of(ResourceRow resource, DateTimeOffset? at = null) => [.. reader.Connection.Query<(string Service, string Currency, long Month, long Until, long Billed, long Effective, string Source)>(
        $"""
        SELECT service, currency, month, max(until), CAST(sum(billed) AS BIGINT), CAST(sum(effective) AS BIGINT), source FROM graph_cost {Rows}
        ORDER BY month DESC, sum(effective) DESC, service, currency, source LIMIT {MostRows}
        """, Parameters(resource, at))
        .Select(row => new CostRow(row.Service, row.Currency, Day(row.Month), Day(row.Until), row.Billed / Parts, row.Effective / Parts, row.Source))];

    /// <summary>How many rows there are.</summary>
    public long CountOf(ResourceRow resource, DateTimeOffset? at = null) => reader.Connection.ExecuteScalar<long>($"SELECT count(*) FROM (SELECT 1 FROM graph_cost {Rows}) counted", Parameters(resource, at));

    /// <summary>By month, account and service, with what belongs to no resource that is known. What a resource cost, without an account, is part of what its service cost all accounts where the source tells that too.</summary>
    public IReadOnlyList<ServiceCost> ByService(int limit) => [.. reader.Connection.Query<(long Month, long Until, string? Account, string Service, string Currency, long Billed, long Effective, long Unlinked, string Source)>(
        """
        WITH whole AS (SELECT DISTINCT source, service, currency, month FROM graph_cost WHERE organization = @organization AND key IS NULL AND account IS NOT NULL)
        SELECT month, max(until), account, service, currency, CAST(sum(billed) AS BIGINT), CAST(sum(effective) AS BIGINT), CAST(sum(CASE WHEN node IS NULL THEN effective ELSE 0 END) AS BIGINT), source
        FROM graph_cost
        WHERE organization = @organization AND NOT (key IS NOT NULL AND account IS NULL AND (source, service, currency, month) IN (SELECT source, service, currency, month FROM whole))
        GROUP BY month, account, service, currency, source ORDER BY month DESC, sum(effective) DESC, service, account, currency, source LIMIT @limit
        """, new { organization = reader.Organization, limit })
        .Select(row => new ServiceCost(row.Account, new CostRow(row.Service, row.Currency, Day(row.Month), Day(row.Until), row.Billed / Parts, row.Effective / Parts, row.Source), row.Unlinked / Parts))];

    private const string Rows = "WHERE organization = @organization AND node = @Node AND month <= @until GROUP BY service, currency, month, source";

    private object Parameters(ResourceRow resource, DateTimeOffset? at) => new { organization = reader.Organization, resource.Node, until = at?.ToUnixTimeMilliseconds() ?? long.MaxValue };

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

/// <summary>What a service cost in an account in a month.</summary>
/// <param name="Account">The account, where it is told.</param>
/// <param name="Cost">What it cost.</param>
/// <param name="Unlinked">How much of the effective cost belongs to no resource that the graph has.</param>
public sealed record ServiceCost(string? Account, CostRow Cost, decimal Unlinked);
