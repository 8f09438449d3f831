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
        [.. reader.Connection.Query<(string, string, string)>(
            "SELECT DISTINCT source, region, type FROM graph_scope WHERE organization = @organization AND stale_at IS NOT NULL ORDER BY source, type, region LIMIT 50", new { organization = reader.Organization })
            .Select(row => new StaleScope(row.Item1, row.Item2.Length > 0 ? row.Item2 : null, row.Item3))]);

    private static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;
}

/// <summary>How old a source is.</summary>
/// <param name="Name">As configured.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="ScannedAt">When it was last read to its end, or null.</param>
/// <param name="FailedAt">When it could not be read, if that was later.</param>
public sealed record SourceFreshness(string Name, string Kind, DateTimeOffset? ScannedAt, DateTimeOffset? FailedAt);

/// <summary>A scope whose last listing failed.</summary>
public sealed record StaleScope(string Source, string? Region, string Type);
