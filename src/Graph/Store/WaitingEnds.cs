using System.Data.Common;

namespace McpInfra.Graph.Store;

/// <summary>Relations and claims of states that came before what they name, joined when its name becomes known.</summary>
internal sealed class WaitingEnds(Statements sql, string organization, NodeWriter nodes)
{
    /// <summary>These names became known: what waited for them is joined.</summary>
    public void Join(IReadOnlyCollection<string> keys)
    {
        if (keys.Count == 0 || !AnythingWaits())
        {
            return;
        }

        foreach (var chunk in keys.Chunk(5000))
        {
            Join(sql.Dialect.List(chunk));
        }
    }

    private bool AnythingWaits() => sql.Number(
        $"""
        SELECT CASE WHEN EXISTS (SELECT 1 FROM graph_relation {sql.Dialect.IndexedBy("graph_relation_waits_from")} WHERE organization = @organization AND from_node IS NULL)
            OR EXISTS (SELECT 1 FROM graph_relation {sql.Dialect.IndexedBy("graph_relation_waits_to")} WHERE organization = @organization AND to_node IS NULL)
            OR EXISTS (SELECT 1 FROM graph_managed {sql.Dialect.IndexedBy("graph_managed_waits")} WHERE organization = @organization AND node IS NULL) THEN 1 ELSE 0 END
        """, ("organization", organization)) == 1;

    private void Join(object keys)
    {
        var among = sql.Dialect.InList("@keys");
        foreach (var (row, key, peer, type) in sql.List(
            $"SELECT rowid, from_key, to_node, type FROM graph_relation {sql.Dialect.IndexedBy("graph_relation_waits_from")} WHERE organization = @organization AND from_key {among} AND from_node IS NULL",
            Waiting, ("organization", organization), ("keys", keys)))
        {
            var node = nodes.Resolve(key, peer);
            sql.Execute("UPDATE graph_relation SET from_node = @node WHERE rowid = @row", ("node", node), ("row", row));
            nodes.Journal.Relation(type, node, peer);
        }

        foreach (var (row, key, peer, type) in sql.List(
            $"SELECT rowid, to_key, from_node, type FROM graph_relation {sql.Dialect.IndexedBy("graph_relation_waits_to")} WHERE organization = @organization AND to_key {among} AND to_node IS NULL",
            Waiting, ("organization", organization), ("keys", keys)))
        {
            var node = nodes.Resolve(key, peer);
            sql.Execute("UPDATE graph_relation SET to_node = @node WHERE rowid = @row", ("node", node), ("row", row));
            nodes.Journal.Relation(type, peer, node);
        }

        foreach (var key in sql.List(
            $"SELECT DISTINCT key FROM graph_managed {sql.Dialect.IndexedBy("graph_managed_waits")} WHERE organization = @organization AND key {among} AND node IS NULL",
            row => row.GetString(0), ("organization", organization), ("keys", keys)))
        {
            if (nodes.Resolve(key) is { } managed && sql.Execute(
                "UPDATE graph_managed SET node = @managed WHERE organization = @organization AND key = @key AND node IS NULL", ("organization", organization), ("key", key), ("managed", managed)) > 0)
            {
                nodes.Touch(managed);
            }
        }
    }

    private static (long Row, string Key, long? Peer, string Type) Waiting(DbDataReader row) => (row.GetInt64(0), row.GetString(1), row.NumberAt(2), row.GetString(3));
}
