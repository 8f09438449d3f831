using System.Data.Common;
using Dapper;
using McpInfra.Graph.Store;

namespace McpInfra.Graph.Correlation;

/// <summary>Gives resources that no tag and no path gives an owner that of the catalogue's entity which a tag of theirs names.</summary>
internal sealed class CatalogOwners(DbConnection connection, string organization, NodeWriter nodes)
{
    private static readonly HashSet<string> Keys = new(
        ["component", "service", "system", "app", "application", "app.kubernetes.io/name", "app.kubernetes.io/part-of", "backstage.io/kubernetes-id"], StringComparer.OrdinalIgnoreCase);

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
    private Dictionary<long, string> Wanted(Dictionary<long, string> stored)
    {
        var wanted = new Dictionary<long, string>();
        var owners = connection.Query<(string Name, string Owner)>("SELECT name, owner FROM graph_entity WHERE organization = @organization AND owner IS NOT NULL", new { organization })
            .ToLookup(entity => entity.Name, entity => entity.Owner, StringComparer.OrdinalIgnoreCase);
        if (owners.Count == 0)
        {
            return wanted;
        }

        foreach (var (node, now, tags) in connection.Query<(long, string?, string)>(
            "SELECT node, owner, tags FROM graph_resource WHERE organization = @organization AND gone_at IS NULL", new { organization }, buffered: false))
        {
            if ((now is null || now == stored.GetValueOrDefault(node))
                && RowTags.Read(tags).Where(tag => Keys.Contains(tag.Key)).SelectMany(tag => owners[tag.Value]).Distinct().ToList() is [var only])
            {
                wanted.Add(node, only);
            }
        }

        return wanted;
    }
}
