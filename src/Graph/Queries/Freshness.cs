using Dapper;

namespace McpInfra.Graph.Queries;

/// <summary>How old what the graph says is.</summary>
/// <param name="Sources">Every source that was ever scanned.</param>
/// <param name="Stale">Scopes whose last listing failed.</param>
public sealed record Freshness(IReadOnlyList<SourceFreshness> Sources, IReadOnlyList<StaleScope> Stale)
{
    /// <summary>When the source that was read longest ago was read; null when none was.</summary>
    public DateTimeOffset? AsOf => TakenAt is null ? Sources.Min(source => source.ScannedAt) : OldestSource;

    /// <summary>When the snapshot was taken that answers because the record cannot be reached; null while it can.</summary>
    public DateTimeOffset? TakenAt { get; init; }

    private DateTimeOffset? OldestSource { get; init; }

    /// <summary>What a snapshot knows of it.</summary>
    internal static Freshness Of(Snapshot.GraphView view) => new([], [])
    {
        TakenAt = DateTimeOffset.FromUnixTimeMilliseconds(view.Snapshot.Head.TakenAt),
        OldestSource = view.Snapshot.Head.AsOf > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(view.Snapshot.Head.AsOf) : null,
    };

    internal static Freshness Read(GraphReader reader) => new(
        [.. reader.Connection.Query<(string Name, string Kind, long? ScannedAt, long? FailedAt)>(
            "SELECT name, kind, scanned_at, failed_at FROM graph_source WHERE organization = @organization ORDER BY name", new { organization = reader.Organization })
            .Select(row => new SourceFreshness(row.Name, row.Kind, Time(row.ScannedAt), Time(row.FailedAt)))],
        [.. reader.Connection.Query<(string Source, string Region, string Type, string Account, long Accounts)>(
            "SELECT source, region, type, min(account), count(*) FROM graph_scope WHERE organization = @organization AND stale_at IS NOT NULL GROUP BY source, type, region ORDER BY source, type, region LIMIT 50", new { organization = reader.Organization })
            .Select(row => new StaleScope(row.Source, row.Region.Length > 0 ? row.Region : null, row.Type) { Account = row is { Account: "" } or { Accounts: > 1 } ? null : row.Account, Accounts = row.Account.Length == 0 ? 0 : row.Accounts })]);

    private static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;
}

/// <summary>How old a source is.</summary>
/// <param name="Name">As configured.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="ScannedAt">When it was last read to its end, or null.</param>
/// <param name="FailedAt">When it could not be read, if that was later.</param>
public sealed record SourceFreshness(string Name, string Kind, DateTimeOffset? ScannedAt, DateTimeOffset? FailedAt);

/// <summary>What the last listing could not be read of, or of which most would have gone.</summary>
/// <param name="Source">As configured.</param>
/// <param name="Region">The region; null for all.</param>
/// <param name="Type">The type, or what a listing of no resources is called.</param>
public sealed record StaleScope(string Source, string? Region, string Type)
{
    /// <summary>Stands for resources that are of no account.</summary>
    public const string NoAccount = "-";

    /// <summary>The one account that is stale; null for several, and for all of the source's.</summary>
    public string? Account { get; init; }

    /// <summary>How many accounts are stale; 0 for all of the source's.</summary>
    public long Accounts { get; init; }
}
