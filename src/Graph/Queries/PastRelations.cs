using Dapper;

namespace McpInfra.Graph.Queries;

/// <summary>What a resource was related to at a time: what it is related to now, with what scans saw since taken back.</summary>
internal sealed class PastRelations(GraphReader reader)
{
    private const int MostChanges = 5000;
    private const int MostRelations = 1000;

    private sealed record Edge(string Type, long Other, bool Forward);

    public List<RelatedResource> Of(long node, IReadOnlyList<RelatedResource> now, DateTimeOffset at)
    {
        var time = at.ToUnixTimeMilliseconds();
        var edges = now.Select(relation => new Edge(Vocabulary.Name(relation.Type), relation.Other.Node, relation.Forward)).ToHashSet();
        foreach (var (what, type, other, forward) in Since(node, time))
        {
            var edge = new Edge(type, other, forward);
            _ = what == "appeared" ? edges.Remove(edge) : edges.Add(edge);
        }

        var others = reader.ByNode([.. edges.Select(edge => edge.Other).Distinct()]);
        return RelatedResource.InOrder(edges
            .Where(edge => others.GetValueOrDefault(edge.Other) is { } other && other.FirstSeen <= at && (other.GoneAt is null || other.GoneAt > at))
            .Take(MostRelations)
            .Select(edge => new RelatedResource(Vocabulary.Find(edge.Type)!.Value, edge.Forward, others[edge.Other])));
    }

    /// <summary>The latest first.</summary>
    private IEnumerable<(string What, string Type, long Other, bool Forward)> Since(long node, long time) => reader.Connection.Query<(long Sequence, string What, string Type, long Other, long Forward)>(
        $"""
        SELECT sequence, what, type, to_node, 1 FROM graph_relation_change {reader.Dialect.IndexedBy("graph_relation_change_from")} WHERE from_node = @node AND time > @time AND organization = @organization
        UNION ALL SELECT sequence, what, type, from_node, 0 FROM graph_relation_change {reader.Dialect.IndexedBy("graph_relation_change_to")} WHERE to_node = @node AND time > @time AND organization = @organization
        ORDER BY 1 DESC LIMIT {MostChanges}
        """, new { node, time, organization = reader.Organization }).Select(row => (row.What, row.Type, row.Other, row.Forward == 1));
}
