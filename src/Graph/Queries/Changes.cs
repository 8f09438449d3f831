using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using McpInfra.Graph.Collectors.State;
using McpInfra.Graph.Store;

namespace McpInfra.Graph.Queries;

/// <summary>Reads what appeared, changed and went. A resource's first appearance is in its row, everything later in the rows of changes.</summary>
internal sealed class Changes(GraphReader reader, ChangeQuery query)
{
    private const int MostValues = 5;
    private const int PlaceBits = 20;
    private static readonly long Origin = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private readonly DynamicParameters parameters = new();

    private sealed class Event
    {
        public long Time { get; init; }

        public long Level { get; init; }

        public string What { get; init; } = "";

        public long Node { get; init; }

        public long? Other { get; init; }

        public string Detail { get; init; } = "";
    }

    public ChangePage Page()
    {
        var events = Events();
        var counts = reader.Connection.Query<(long Level, long Count)>($"SELECT level, count(*) FROM ({events}) AS e GROUP BY level", parameters).ToDictionary(row => row.Level, row => row.Count);
        var (from, skip) = query.Place == 0 ? (long.MaxValue, 0L) : ((query.Place >> PlaceBits) + Origin, query.Place & ((1 << PlaceBits) - 1));
        parameters.AddDynamicParams(new { from, skip, most = query.Limit });
        var page = reader.Connection.Query<Event>($"SELECT time, level, what, node, other, detail FROM ({events}) AS e WHERE time <= @from ORDER BY time DESC, level, node, other, detail LIMIT @most OFFSET @skip", parameters).AsList();
        return new ChangePage(Told(page, from, skip), counts.GetValueOrDefault(2) + counts.GetValueOrDefault(3), counts.GetValueOrDefault(1), counts.GetValueOrDefault(0), counts.GetValueOrDefault(4)) { IsFromTheStart = IsFromTheStart() };
    }

    private bool IsFromTheStart() => reader.Connection.QueryFirstOrDefault<long?>("SELECT 1 FROM graph_resource WHERE organization = @organization AND first_seen < @since LIMIT 1", parameters) is null;

    private string Events()
    {
        parameters.AddDynamicParams(new { organization = reader.Organization, since = query.Since.ToUnixTimeMilliseconds(), until = query.Until.ToUnixTimeMilliseconds() });
        var (one, other) = (Filter("r"), Filter("o"));
        return $"""
            SELECT r.first_seen AS time, 3 AS level, 'appeared' AS what, r.node AS node, CAST(NULL AS BIGINT) AS other, '' AS detail
            FROM graph_resource r {reader.Dialect.IndexedBy("graph_resource_changed")}
            WHERE r.organization = @organization AND r.changed_at >= @since AND r.first_seen >= @since AND r.first_seen < @until AND {one}
            UNION ALL SELECT c.time, CASE c.what WHEN 'gone' THEN 0 WHEN 'changed' THEN 1 ELSE 2 END, c.what, c.node, NULL, c.fields
            FROM graph_change c {reader.Dialect.IndexedBy("graph_change_time")} JOIN graph_resource r ON r.node = c.node
            WHERE c.organization = @organization AND c.time >= @since AND c.time < @until AND r.organization = @organization AND {one}
            UNION ALL SELECT e.time, 4, e.what, e.from_node, e.to_node, e.type
            FROM graph_relation_change e {reader.Dialect.IndexedBy("graph_relation_change_time")} JOIN graph_resource r ON r.node = e.from_node JOIN graph_resource o ON o.node = e.to_node
            WHERE e.organization = @organization AND e.time >= @since AND e.time < @until AND e.what <> 'ended' AND r.organization = @organization AND o.organization = @organization AND (({one}) OR ({other}))
            """;
    }

    private string Filter(string table)
    {
        var conditions = new List<string> { "1 = 1" };
        if (query.Type is { } type)
        {
            parameters.Add("types", new[] { type, TerraformTypes.ProviderType(type) });
            conditions.Add($"{table}.type {reader.Dialect.In("@types")}");
        }

        if (query.Account is { } account)
        {
            parameters.Add("account", account);
            conditions.Add($"{table}.account = @account");
        }

        return string.Join(" AND ", conditions);
    }

    private List<Change> Told(List<Event> page, long from, long skip)
    {
        var rows = reader.ByNode([.. page.Select(one => one.Node).Concat(page.Select(one => one.Other).OfType<long>()).Distinct()]);
        var changes = new List<Change>();
        foreach (var one in page)
        {
            (skip, from) = (one.Time == from ? skip + 1 : 1, one.Time);
            if (rows.GetValueOrDefault(one.Node) is not { } resource || (one.Other is { } end && !rows.ContainsKey(end)))
            {
                continue;
            }

            var fields = one.Level == 4 ? [] : one.Detail.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            changes.Add(new Change(DateTimeOffset.FromUnixTimeMilliseconds(one.Time), one.What, resource)
            {
                Fields = fields,
                Values = one.Level == 1 ? Values(one, fields) : [],
                Relation = one.Level == 4 ? Vocabulary.Find(one.Detail) : null,
                Other = one.Other is { } other ? rows[other] : null,
                PlaceAfter = skip < 1 << PlaceBits ? ((one.Time - Origin) << PlaceBits) | skip : 0,
            });
        }

        return changes;
    }

    private List<ChangedValue> Values(Event change, string[] fields)
    {
        var parameters = new { change.Node, change.Time };
        var before = reader.Connection.QueryFirstOrDefault<string>("SELECT body FROM graph_version WHERE node = @Node AND until = @Time", parameters);
        var after = reader.Connection.QueryFirstOrDefault<string>("SELECT body FROM graph_version WHERE node = @Node AND until > @Time ORDER BY until LIMIT 1", parameters)
            ?? reader.Connection.QueryFirstOrDefault<string>("SELECT body FROM graph_document WHERE node = @Node", parameters);
        if (before is null || after is null)
        {
            return []; // Older than what is kept.
        }

        var (was, now) = (ResourceDocument.Read(before), ResourceDocument.Read(after));
        return [.. fields.Take(MostValues).Select(field => new ChangedValue(field, Value(was, field), Value(now, field)))];
    }

    private static string? Value(Resource resource, string field) => field switch
    {
        "name" => resource.Name,
        "status" => resource.Status,
        "environment" => resource.Environment,
        "account" => resource.Account,
        "region" => resource.Region,
        _ when field.StartsWith("tags.", StringComparison.Ordinal) => resource.Tags.GetValueOrDefault(field[5..]),
        _ when field.StartsWith("configuration.", StringComparison.Ordinal) => Text(resource.Configuration[field[14..]]),
        _ => null,
    };

    private static string? Text(JsonNode? value) => value?.GetValueKind() is JsonValueKind.String ? value.GetValue<string>() : value?.ToJsonString();
}
