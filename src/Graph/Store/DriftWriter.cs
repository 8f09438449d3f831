using McpInfra.Graph.Drift;

namespace McpInfra.Graph.Store;

/// <summary>Keeps which resources differ from what a state says of them, so that they can be listed.</summary>
internal sealed class DriftWriter(Statements sql, string organization, long now)
{
    /// <param name="node">The resource.</param>
    /// <param name="told">What each source tells of it while it is live, clouds first.</param>
    /// <param name="stored">The attributes that differed before.</param>
    public void Run(long node, IReadOnlyList<NodeMerge.View> told, string? stored)
    {
        var drifted = Drifts.Between(told, () => Drifts.IsShared(sql, organization, node)) is { Drifted.Count: > 0 } drift ? string.Join('\n', drift.Drifted.Select(one => one.Attribute)) : null;
        if (drifted == stored)
        {
            return;
        }

        if (drifted is null)
        {
            sql.Send("DELETE FROM graph_drift WHERE node = @node", ("node", node));
            return;
        }

        sql.Send(
            "INSERT INTO graph_drift (node, organization, since, attributes) VALUES (@node, @organization, @now, @drifted) ON CONFLICT (node) DO UPDATE SET attributes = excluded.attributes",
            ("node", node), ("organization", organization), ("now", now), ("drifted", drifted));
    }
}
