using System.Data.Common;
using Dapper;
using McpInfra.Storage;

namespace McpInfra.Graph.Queries;

/// <summary>Reads rows of one organisation.</summary>
internal sealed class GraphReader(DbConnection connection, string organization, DateTimeOffset now)
{
    /// <summary>Columns of a row, of a table called r.</summary>
    public const string Columns = "r.node, r.id, r.type, r.name, r.provider, r.account, r.region, r.environment, r.status, r.owner, r.managed, r.first_seen, r.changed_at, r.gone_at, (SELECT d.attributes FROM graph_drift d WHERE d.node = r.node) AS drift";

    public DbConnection Connection => connection;

    public Dialect Dialect => Dialect.Of(connection);

    public string Organization => organization;

    public DateTimeOffset Now => now;

    /// <summary>Rows of a query that selects <see cref="Columns"/>, with their code addresses.</summary>
    public List<ResourceRow> Rows(string query, object parameters)
    {
        var rows = connection.Query<Narrow>(query, parameters).AsList();
        var nodes = rows.Select(row => row.Node).ToArray();
        var managed = nodes.Length == 0 ? [] : connection.Query<Place>(
            $"""
            SELECT node, address, repository, file, line FROM graph_managed
            WHERE node {Dialect.In("@nodes")} AND organization = @organization AND part = 0 ORDER BY node, source, state, address
            """, new { nodes, organization }).AsList();
        var byNode = managed.ToLookup(place => place.Node);
        return [.. rows.Select(row => Row(row, byNode[row.Node].FirstOrDefault()))];
    }

    /// <summary>The rows of nodes that are there.</summary>
    public Dictionary<long, ResourceRow> ByNode(IReadOnlyList<long> nodes) => nodes.Chunk(500)
        .SelectMany(chunk => Rows($"SELECT {Columns} FROM graph_resource r WHERE r.node {Dialect.In("@chunk")} AND r.organization = @organization", new { chunk, organization }))
        .ToDictionary(row => row.Node);

    public ResourceRow? Row(long node) => Rows($"SELECT {Columns} FROM graph_resource r WHERE r.node = @node AND r.organization = @organization", new { node, organization }).FirstOrDefault();

    private static ResourceRow Row(Narrow row, Place? place) => new()
    {
        Node = row.Node,
        Id = row.Id,
        Type = row.Type,
        Name = row.Name,
        Provider = row.Provider,
        Account = row.Account,
        Region = row.Region,
        Environment = row.Environment,
        Status = row.Status,
        Owner = row.Owner,
        IsManaged = row.Managed != 0,
        Address = place?.Address,
        Repository = place?.Repository,
        File = place?.File,
        Line = (int?)place?.Line,
        FirstSeen = DateTimeOffset.FromUnixTimeMilliseconds(row.First_Seen),
        ChangedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.Changed_At),
        Drifted = row.Drift?.Split('\n') ?? [],
        GoneAt = row.Gone_At is { } gone ? DateTimeOffset.FromUnixTimeMilliseconds(gone) : null,
    };

    private sealed class Narrow
    {
        public long Node { get; init; }

        public string Id { get; init; } = "";

        public string Type { get; init; } = "";

        public string Name { get; init; } = "";

        public string Provider { get; init; } = "";

        public string? Account { get; init; }

        public string? Region { get; init; }

        public string? Environment { get; init; }

        public string? Status { get; init; }

        public string? Owner { get; init; }

        public long Managed { get; init; }

        public long First_Seen { get; init; }

        public long Changed_At { get; init; }

        public long? Gone_At { get; init; }

        public string? Drift { get; init; }
    }

    private sealed class Place
    {
        public long Node { get; init; }

        public string Address { get; init; } = "";

        public string? Repository { get; init; }

        public string? File { get; init; }

        public long? Line { get; init; }
    }
}
