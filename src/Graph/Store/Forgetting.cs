using System.Data.Common;
using Dapper;

namespace McpInfra.Graph.Store;

/// <summary>Takes sources that are no longer configured out of the graph.</summary>
internal sealed class Forgetting(DbConnection connection, string organization, DateTimeOffset time)
{
    private static readonly string[] Tables = ["graph_relation", "graph_managed", "graph_finding", "graph_finding_link", "graph_finding_ended_link", "graph_finding_event", "graph_entity", "graph_cost", "graph_fact", "graph_scope", "graph_told", "graph_progress", "graph_contribution"];

    public void AllBut(IReadOnlyList<string> sources)
    {
        var nodes = new NodeWriter(connection, organization, time.ToUnixTimeMilliseconds());
        foreach (var source in connection.Query<string>("SELECT name FROM graph_source WHERE organization = @organization", new { organization }).Except(sources).ToList())
        {
            var touched = connection.Query<long>(
                """
                SELECT node FROM graph_contribution WHERE organization = @organization AND source = @source
                UNION SELECT node FROM graph_managed WHERE organization = @organization AND source = @source AND node IS NOT NULL
                """, new { organization, source }).ToList();
            new DocumentRemoval(connection, organization, source).All();
            foreach (var table in Tables)
            {
                connection.Execute($"DELETE FROM {table} WHERE organization = @organization AND source = @source", new { organization, source });
            }

            connection.Execute("DELETE FROM graph_source WHERE organization = @organization AND name = @source", new { organization, source });
            touched.ForEach(nodes.Touch);
            nodes.Journal.Everything();
        }

        nodes.Flush();
    }
}
