namespace McpInfra.Graph.Store;

/// <summary>Keeps which relations came and went between resources that stayed, unless another source tells them too; one that went with its resource `ended`.</summary>
internal sealed class RelationHistory(Statements sql, string organization, long now)
{
    private const string BothStay = "(SELECT count(*) FROM graph_resource r WHERE r.node IN (@from, @to) AND r.gone_at IS NULL) = (CASE WHEN @from = @to THEN 1 ELSE 2 END)";

    public void Note(string what, string source, string type, long from, long to) => sql.Send(
        $"""
        INSERT INTO graph_relation_change (organization, time, what, type, from_node, to_node)
        SELECT @organization, @now, CASE WHEN {BothStay} THEN @what ELSE 'ended' END, @type, @from, @to
        WHERE (@what = 'gone' OR {BothStay})
            AND NOT EXISTS (SELECT 1 FROM graph_relation e WHERE e.from_node = @from AND e.type = @type AND e.to_node = @to AND e.source <> @source AND e.doubted = 0)
        """, ("organization", organization), ("now", now), ("what", what), ("type", type), ("from", from), ("to", to), ("source", source));
}
