using System.Data.Common;
using Dapper;
using McpInfra.Storage;

namespace McpInfra.Graph.Store;

/// <summary>Lets go of the past beyond what anybody asks for.</summary>
internal sealed class Retention(DbConnection connection, string organization, DateTimeOffset time, Journal journal)
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(400);

    /// <summary>Takes away changes, versions and gone resources that are older than 400 days.</summary>
    public void Run()
    {
        var before = (time - Kept).ToUnixTimeMilliseconds();
        connection.Execute("DELETE FROM graph_change WHERE organization = @organization AND time < @before", new { organization, before });
        connection.Execute("DELETE FROM graph_relation_change WHERE organization = @organization AND time < @before", new { organization, before });
        foreach (var table in new[] { "graph_finding_ended_link", "graph_finding_event", "graph_finding" })
        {
            connection.Execute(
                $"""
                DELETE FROM {table} WHERE organization = @organization AND EXISTS (SELECT 1 FROM graph_finding f
                    WHERE f.organization = {table}.organization AND f.source = {table}.source AND f.id = {table}.id AND f.status = 'resolved' AND f.ended_at < @before)
                """, new { organization, before });
        }

        var old = connection.Query<long>($"SELECT node FROM graph_resource {Dialect.Of(connection).IndexedBy("graph_resource_changed")} WHERE organization = @organization AND changed_at < @before AND gone_at < @before", new { organization, before }).AsList();
        if (old.Count > 0)
        {
            connection.Execute("DELETE FROM graph_told WHERE organization = @organization", new { organization }); // A state may tell of them still.
        }

        foreach (var node in old)
        {
            connection.Execute(
                """
                DELETE FROM graph_contribution WHERE node = @node;
                DELETE FROM graph_alias WHERE node = @node;
                DELETE FROM graph_text WHERE node = @node;
                DELETE FROM graph_document WHERE node = @node;
                DELETE FROM graph_version WHERE node = @node;
                DELETE FROM graph_finding_link WHERE node = @node;
                DELETE FROM graph_finding_ended_link WHERE node = @node;
                DELETE FROM graph_catalog_owner WHERE node = @node;
                DELETE FROM graph_drift WHERE node = @node;
                UPDATE graph_cost SET node = NULL WHERE node = @node;
                UPDATE graph_relation SET from_node = NULL WHERE from_node = @node;
                UPDATE graph_relation SET to_node = NULL WHERE to_node = @node;
                UPDATE graph_managed SET node = NULL WHERE node = @node;
                DELETE FROM graph_resource WHERE node = @node;
                """, new { organization, node });
            journal.Row(node);
        }

        connection.Execute(
            """
            DELETE FROM graph_version WHERE until < @before
                AND EXISTS (SELECT 1 FROM graph_resource r WHERE r.node = graph_version.node AND r.organization = @organization)
            """, new { organization, before });
    }
}
