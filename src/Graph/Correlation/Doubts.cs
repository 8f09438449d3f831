using System.Data.Common;
using Dapper;
using McpInfra.Graph.Store;

namespace McpInfra.Graph.Correlation;

/// <summary>
/// A cloud's word wins: a relation that only a state tells is doubted when clouds know both ends, tell relations of that kind between such types, and do not tell this one.
/// Somebody then changed it behind the engine's back.
/// </summary>
internal sealed class Doubts(DbConnection connection, string organization, Journal journal)
{
    private static readonly string States = $"(SELECT name FROM graph_source WHERE organization = @organization AND kind IN ({string.Join(", ", SourceSettings.StateKinds.Select(kind => $"'{kind}'"))}))";

    private static readonly string IsDoubted = $"""
        e.type <> '{Vocabulary.Name(RelationType.DependsOn)}'
        AND NOT EXISTS (SELECT 1 FROM graph_relation c WHERE c.from_node = e.from_node AND c.type = e.type AND c.to_node = e.to_node AND c.source NOT IN {States})
        AND EXISTS (SELECT 1 FROM graph_contribution k WHERE k.node = e.from_node AND k.rank = 0 AND k.gone_at IS NULL)
        AND EXISTS (SELECT 1 FROM graph_contribution k WHERE k.node = e.to_node AND k.rank = 0 AND k.gone_at IS NULL)
        AND EXISTS (SELECT 1 FROM told t JOIN graph_resource f ON f.node = e.from_node JOIN graph_resource o ON o.node = e.to_node
                    WHERE t.relation = e.type AND t.from_type = f.type AND t.to_type = o.type)
        """;

    public void Run()
    {
        if (connection.ExecuteScalar<long>($"SELECT count(*) FROM (SELECT 1 FROM graph_relation e WHERE e.organization = @organization AND e.source IN {States} LIMIT 1) AS told", new { organization }) == 0)
        {
            return; // Nothing to doubt, and what clouds tell is long.
        }

        connection.Execute(
            $"""
            DROP TABLE IF EXISTS told;
            CREATE TEMP TABLE told AS
                SELECT DISTINCT e.type AS relation, f.type AS from_type, o.type AS to_type FROM graph_relation e
                JOIN graph_resource f ON f.node = e.from_node JOIN graph_resource o ON o.node = e.to_node
                WHERE e.organization = @organization AND e.source NOT IN {States};
            """, new { organization });
        foreach (var (type, from, to) in connection.Query<(string, long?, long?)>(
            $"""
            UPDATE graph_relation AS e SET doubted = 1 - doubted
            WHERE e.organization = @organization AND e.source IN {States} AND e.doubted <> CASE WHEN {IsDoubted} THEN 1 ELSE 0 END
            RETURNING type, from_node, to_node
            """, new { organization }))
        {
            journal.Relation(type, from, to);
        }

        connection.Execute("DROP TABLE told");
    }
}
