using System.Data.Common;
using Dapper;
using McpInfra.Graph.Store;

namespace McpInfra.Graph.Correlation;

/// <summary>Gives resources that no tag and no path gives an owner that of the catalogue's entity which a tag of theirs names.</summary>
internal sealed class CatalogOwners(DbConnection connection, string organization, NodeWriter nodes)
{
    public void Run()
    {
        var stored = connection.Query<(long Node, string Owner)>("SELECT node, owner FROM graph_catalog_owner WHERE organization = @organization", new { organization }).ToDictionary(row => row.Node, row => row.Owner);
        var wanted = Wanted(stored);
        foreach (var (node, owner) in stored.Where(row => !wanted.ContainsKey(row.Key)))
        {
            connection.Execute("DELETE FROM graph_catalog_owner WHERE node = @node", new { node });
            connection.Execute("UPDATE graph_resource SET owner = NULL WHERE node = @node AND organization = @organization AND owner = @owner", new { node, organization, owner });
            nodes.Journal.Row(node);
        }

        foreach (var (node, owner) in wanted)
        {
            if (stored.GetValueOrDefault(node) != owner)
            {
                connection.Execute("INSERT INTO graph_catalog_owner (node, organization, owner) VALUES (@node, @organization, @owner) ON CONFLICT (node) DO UPDATE SET owner = excluded.owner", new { node, organization, owner });
            }

            if (connection.Execute("UPDATE graph_resource SET owner = @owner WHERE node = @node AND organization = @organization AND owner IS DISTINCT FROM @owner", new { node, organization, owner }) > 0)
            {
                nodes.Journal.Row(node);
            }
        }
    }

    /// <summary>Owners by node where exactly one is named, and no other source gives one.</summary>
    private Dictionary<long, string> Wanted(Dictionary<long, string> stored) => connection.Query<(long Node, string Owner, string? Now)>(
        """
        SELECT DISTINCT t.node, e.owner, r.owner FROM graph_entity e
        JOIN graph_tag t ON t.organization = e.organization AND t.value = e.name COLLATE NOCASE
            AND t.key COLLATE NOCASE IN ('component', 'service', 'system', 'app', 'application', 'app.kubernetes.io/name', 'app.kubernetes.io/part-of', 'backstage.io/kubernetes-id')
        JOIN graph_resource r ON r.node = t.node
        WHERE e.organization = @organization AND e.owner IS NOT NULL AND r.gone_at IS NULL
        """, new { organization })
        .Where(row => row.Now is null || row.Now == stored.GetValueOrDefault(row.Node))
        .GroupBy(row => row.Node).Where(group => group.Select(row => row.Owner).Distinct().Count() == 1)
        .ToDictionary(group => group.Key, group => group.First().Owner);
}
