using System.Data.Common;

namespace McpInfra.Graph.Store;

/// <summary>Writes what sources say of resources within one transaction, and merges it into the rows that queries read.</summary>
internal sealed class NodeWriter
{
    private readonly Identities identities;
    private readonly Statements sql;
    private readonly string organization;
    private readonly long now;
    private readonly HashSet<long> dirty = [];

    public NodeWriter(DbConnection connection, string organization, long now)
    {
        (sql, this.organization, this.now) = (new Statements(connection), organization, now);
        identities = new Identities(sql, organization);
        Journal = new Journal(sql, organization, now);
    }

    /// <summary>The transaction's statements.</summary>
    public Statements Sql => sql;

    public Tally Tally { get; } = new();

    /// <summary>What readers are told of this transaction; written by <see cref="Flush"/>.</summary>
    public Journal Journal { get; }

    /// <summary>Stores what a source says of a resource.</summary>
    public void Contribute(string source, int rank, Resource resource, byte[] hash)
    {
        var key = IdentityKey.Of(resource.Id);
        var node = NodeOf(source, key, resource);
        sql.Execute(
            """
            INSERT INTO graph_contribution (organization, source, key, node, rank, type, account, region, hash, body)
            VALUES (@organization, @source, @key, @node, @rank, @type, @account, @region, @hash, @body)
            ON CONFLICT (organization, source, key) DO UPDATE SET
                node = excluded.node, rank = excluded.rank, type = excluded.type, account = excluded.account, region = excluded.region,
                hash = excluded.hash, body = excluded.body, gone_at = NULL
            """,
            ("organization", organization), ("source", source), ("key", key), ("node", node), ("rank", rank), ("type", resource.Type),
            ("account", resource.Account), ("region", resource.Region), ("hash", hash), ("body", ResourceDocument.Write(resource)));
        dirty.Add(node);
    }

    /// <summary>The source's complete listing no longer names the resource. A cloud's word is kept as a mark, for a state may still claim it.</summary>
    public void Withdraw(string source, string key)
    {
        var told = sql.First(
            "SELECT node, rank FROM graph_contribution WHERE organization = @organization AND source = @source AND key = @key",
            row => new Told(row.GetInt64(0), row.GetInt32(1)), ("organization", organization), ("source", source), ("key", key))!;
        sql.Execute(
            told.Rank == Rank.Cloud
                ? "UPDATE graph_contribution SET gone_at = @now WHERE organization = @organization AND source = @source AND key = @key"
                : "DELETE FROM graph_contribution WHERE organization = @organization AND source = @source AND key = @key",
            ("organization", organization), ("source", source), ("key", key), ("now", now));
        dirty.Add(told.Node);
    }

    public void Touch(long node) => dirty.Add(node);

    public long? Resolve(string key, long? peer = null) => identities.Resolve(key, peer);

    /// <summary>Merges every resource that was touched, and tells readers.</summary>
    public void Flush()
    {
        while (dirty.Count > 0)
        {
            var nodes = dirty.ToArray();
            dirty.Clear();
            foreach (var node in nodes)
            {
                new NodeMerge(sql, organization, now, node, Tally, Journal).Run(Join);
            }
        }

        Journal.Write();
    }

    private long NodeOf(string source, string key, Resource resource)
    {
        var same = identities.Same(resource, source);
        var known = sql.Number(
            "SELECT node FROM graph_contribution WHERE organization = @organization AND source = @source AND key = @key", ("organization", organization), ("source", source), ("key", key));
        var node = known ?? (same.Count > 0 ? same[0] : Create(resource, key));
        foreach (var other in same.Where(other => other != node))
        {
            Unite(node, other);
        }

        return node;
    }

    private long Create(Resource resource, string key)
    {
        var node = sql.Number(
            """
            INSERT INTO graph_resource (organization, id, type, name, provider, managed, facts, hash, first_seen, changed_at)
            VALUES (@organization, @id, @type, @name, @provider, 0, @none, @none, @now, @now) RETURNING node
            """, ("organization", organization), ("id", resource.Id), ("type", resource.Type), ("name", resource.Name), ("provider", resource.Provider), ("none", Array.Empty<byte>()), ("now", now))!.Value;
        sql.Execute("INSERT INTO graph_alias (organization, key, node, is_id) VALUES (@organization, @key, @node, 1)", ("organization", organization), ("key", key), ("node", node));
        Join(key);
        return node;
    }

    /// <summary>Two nodes turned out to be one resource.</summary>
    private void Unite(long keep, long drop)
    {
        sql.Execute(
            """
            UPDATE graph_contribution SET node = @keep WHERE node = @drop;
            UPDATE graph_relation SET from_node = @keep WHERE from_node = @drop;
            UPDATE graph_relation SET to_node = @keep WHERE to_node = @drop;
            UPDATE graph_managed SET node = @keep WHERE node = @drop;
            INSERT INTO graph_finding_link (organization, source, id, node) SELECT organization, source, id, @keep FROM graph_finding_link WHERE node = @drop ON CONFLICT DO NOTHING;
            DELETE FROM graph_finding_link WHERE node = @drop;
            DELETE FROM graph_finding_ended_link WHERE node = @drop;
            UPDATE graph_cost SET node = @keep WHERE node = @drop;
            DELETE FROM graph_catalog_owner WHERE node = @drop;
            UPDATE graph_change SET node = @keep WHERE node = @drop;
            DELETE FROM graph_alias WHERE node = @drop;
            DELETE FROM graph_tag WHERE organization = @organization AND node = @drop;
            DELETE FROM graph_text WHERE node = @drop;
            DELETE FROM graph_document WHERE node = @drop;
            DELETE FROM graph_version WHERE node = @drop;
            DELETE FROM graph_resource WHERE node = @drop;
            """, ("organization", organization), ("keep", keep), ("drop", drop));
        Journal.Row(drop);
        Journal.Relations(keep);
        dirty.Remove(drop);
        dirty.Add(keep);
    }

    /// <summary>A name became known: what waited for it is joined.</summary>
    private void Join(string key)
    {
        foreach (var (row, peer, type) in sql.List(
            "SELECT rowid, to_node, type FROM graph_relation WHERE organization = @organization AND from_key = @key AND from_node IS NULL", Waiting, ("organization", organization), ("key", key)))
        {
            var node = Resolve(key, peer);
            sql.Execute("UPDATE graph_relation SET from_node = @node WHERE rowid = @row", ("node", node), ("row", row));
            Journal.Relation(type, node, peer);
        }

        foreach (var (row, peer, type) in sql.List(
            "SELECT rowid, from_node, type FROM graph_relation WHERE organization = @organization AND to_key = @key AND to_node IS NULL", Waiting, ("organization", organization), ("key", key)))
        {
            var node = Resolve(key, peer);
            sql.Execute("UPDATE graph_relation SET to_node = @node WHERE rowid = @row", ("node", node), ("row", row));
            Journal.Relation(type, peer, node);
        }

        if (Resolve(key) is { } managed && sql.Execute(
            "UPDATE graph_managed SET node = @managed WHERE organization = @organization AND key = @key AND node IS NULL", ("organization", organization), ("key", key), ("managed", managed)) > 0)
        {
            dirty.Add(managed);
        }
    }

    private static (long Row, long? Peer, string Type) Waiting(DbDataReader row) => (row.GetInt64(0), row.NumberAt(1), row.GetString(2));

    private sealed record Told(long Node, int Rank);
}

/// <summary>Whose word counts first.</summary>
internal static class Rank
{
    public const int Cloud = 0;
    public const int State = 1;

    public static int Of(string kind) => SourceSettings.StateKinds.Contains(kind) ? State : Cloud;
}

/// <summary>What a scan did to resources.</summary>
internal sealed class Tally
{
    public int Added { get; set; }

    public int Changed { get; set; }

    public int Gone { get; set; }
}
