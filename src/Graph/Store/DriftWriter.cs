using McpInfra.Graph.Drift;

namespace McpInfra.Graph.Store;

/// <summary>Keeps which resources differ from what a state says of them, so that they can be listed.</summary>
internal sealed class DriftWriter(Statements sql, string organization, long now, long node)
{
    /// <param name="told">What each source tells of the live resource, clouds first.</param>
    public void Run(IReadOnlyList<NodeMerge.View> told)
    {
        var drifted = Drifts.Between(told, () => Drifts.IsShared(sql, organization, node)) is { Drifted.Count: > 0 } drift ? string.Join('\n', drift.Drifted.Select(one => one.Attribute)) : null;
        var stored = sql.First("SELECT attributes FROM graph_drift WHERE node = @node", row => row.GetString(0), ("node", node));
        if (drifted == stored)
        {
            return;
        }

        if (drifted is null)
        {
            sql.Execute("DELETE FROM graph_drift WHERE node = @node", ("node", node));
            return;
        }

        sql.Execute(
            "INSERT INTO graph_drift (node, organization, since, attributes) VALUES (@node, @organization, @now, @drifted) ON CONFLICT (node) DO UPDATE SET attributes = excluded.attributes",
            ("node", node), ("organization", organization), ("now", now), ("drifted", drifted));
    }
}
