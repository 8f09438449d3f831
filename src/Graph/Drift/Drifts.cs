using McpInfra.Graph.Store;

namespace McpInfra.Graph.Drift;

/// <summary>Drift of a resource out of what its sources tell.</summary>
internal static class Drifts
{
    /// <summary>The parts of a node that another state manages than the one which manages the whole.</summary>
    private const string Elsewhere = """
        SELECT 1 FROM graph_managed p WHERE p.node = @node AND p.organization = @organization AND p.part = 1 AND NOT EXISTS
            (SELECT 1 FROM graph_managed m WHERE m.node = p.node AND m.organization = p.organization AND m.part = 0 AND m.source = p.source AND m.state = p.state) LIMIT 1
        """;

    /// <summary>Between the clouds' word and the states', of a stack what its cloud detected itself; null when one of them tells nothing.</summary>
    /// <param name="told">What each source tells, clouds first.</param>
    /// <param name="isShared">Whether another state configures parts of the resource.</param>
    public static ResourceDrift? Between(IReadOnlyList<NodeMerge.View> told, Func<bool> isShared)
    {
        var (clouds, states) = (told.Where(view => view.Rank == Rank.Cloud).Select(view => view.Resource).ToList(), told.Where(view => view.Rank == Rank.State).Select(view => view.Resource).ToList());
        if (clouds.Count == 0 || states.Count == 0)
        {
            return clouds.Concat(states).Select(StackDrift.Of).FirstOrDefault(drift => drift is not null);
        }

        var cloud = Merge.Of(clouds);
        var shared = ComparedAttribute.Of(cloud.Type).Any(attribute => attribute.IsShared) && isShared();
        return states.Select(state => Comparison.Of(cloud, state, shared)).MaxBy(drift => drift.Drifted.Count);
    }

    /// <summary>Whether another state configures parts of the node.</summary>
    public static bool IsShared(Statements sql, string organization, long node) => sql.Number(Elsewhere, ("node", node), ("organization", organization)) is not null;
}
