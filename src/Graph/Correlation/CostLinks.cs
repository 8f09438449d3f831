using System.Data.Common;
using Dapper;
using McpInfra.Graph.Store;

namespace McpInfra.Graph.Correlation;

/// <summary>Links charges to the resources that their ids name.</summary>
internal sealed class CostLinks(DbConnection connection, string organization, NodeWriter nodes)
{
    public void Run()
    {
        var rows = connection.Query<(string Key, long? Node)>("SELECT DISTINCT key, node FROM graph_cost WHERE organization = @organization AND key IS NOT NULL", new { organization }).AsList();
        nodes.Expect(rows.Select(row => row.Key));
        foreach (var row in rows)
        {
            var node = nodes.Resolve(row.Key);
            if (node != row.Node)
            {
                connection.Execute("UPDATE graph_cost SET node = @node WHERE organization = @organization AND key = @Key AND node IS NOT DISTINCT FROM @old", new { node, organization, row.Key, old = row.Node });
            }
        }
    }
}
