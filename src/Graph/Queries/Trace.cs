using McpInfra.Graph.Store;

namespace McpInfra.Graph.Queries;

/// <summary>Walks relations breadth first, within a budget; hubs are reached but not followed.</summary>
internal sealed class Trace(GraphReader reader, IReadOnlySet<RelationType>? relations)
{
    private const int HubRelations = 1000;
    private const int MostVisited = 5000;

    private static readonly string ForwardTypes = string.Join(", ", Enum.GetValues<RelationType>().Where(Relation.ImpactRunsForward).Select(type => $"'{Vocabulary.Name(type)}'"));

    private readonly Statements sql = new(reader.Connection);
    private readonly Dictionary<long, Visit> visits = [];
    private readonly List<long> hubs = [];
    private bool cut;

    private sealed record Visit(long Node, int Distance, RelationType Relation, bool Forward, long From);

    private sealed record Edge(RelationType Type, long Other, bool Forward);

    public TraceResult Around(ResourceRow start, TraceDirection direction, int depth)
    {
        Walk(start.Node, direction, depth, until: null);
        var rows = Rows(visits.Keys.Append(start.Node));
        var steps = visits.Values.Select(visit => Step(visit, rows))
            .OrderBy(step => step.Distance).ThenBy(step => step.Resource.Type, StringComparer.OrdinalIgnoreCase).ThenBy(step => step.Resource.Name, StringComparer.Ordinal).ThenBy(step => step.Resource.Id, StringComparer.Ordinal);
        return new TraceResult([.. steps]) { Cut = cut, Hubs = [.. hubs.Select(hub => rows[hub])] };
    }

    public TraceResult? Path(ResourceRow start, ResourceRow end, TraceDirection direction, int depth)
    {
        Walk(start.Node, direction, depth, until: end.Node);
        if (!visits.ContainsKey(end.Node))
        {
            return cut || hubs.Count > 0 ? new TraceResult([]) { Cut = cut, Hubs = [.. Rows(hubs).Values] } : null;
        }

        var path = new List<Visit>();
        for (var node = end.Node; node != start.Node; node = visits[node].From)
        {
            path.Insert(0, visits[node]);
        }

        var rows = Rows(path.Select(visit => visit.Node).Append(start.Node));
        return new TraceResult([.. path.Select(visit => Step(visit, rows))]);
    }

    private void Walk(long start, TraceDirection direction, int depth, long? until)
    {
        var frontier = new List<long> { start };
        for (var distance = 1; distance <= depth && frontier.Count > 0 && !cut; distance++)
        {
            var next = new List<long>();
            foreach (var node in frontier)
            {
                var edges = Edges(node, direction, isStart: node == start);
                foreach (var edge in edges.Where(edge => edge.Other != start && !visits.ContainsKey(edge.Other)))
                {
                    if (visits.Count >= MostVisited)
                    {
                        cut = true;
                        return;
                    }

                    visits.Add(edge.Other, new Visit(edge.Other, distance, edge.Type, edge.Forward, node));
                    next.Add(edge.Other);
                    if (edge.Other == until)
                    {
                        return;
                    }
                }
            }

            frontier = next;
        }
    }

    private List<Edge> Edges(long node, TraceDirection direction, bool isStart)
    {
        var most = isStart ? MostVisited + 1 : HubRelations + 1;
        List<Edge> edges = [.. Edges(node, direction, forward: true, most), .. Edges(node, direction, forward: false, most)];
        if (!isStart && edges.Count > HubRelations)
        {
            hubs.Add(node);
            return [];
        }

        return [.. edges.Where(edge => relations is null || relations.Contains(edge.Type)).DistinctBy(edge => (edge.Other, edge.Type))
            .OrderBy(edge => edge.Type).ThenBy(edge => edge.Other)];
    }

    private List<Edge> Edges(long node, TraceDirection direction, bool forward, int most)
    {
        var which = direction switch
        {
            TraceDirection.Both => "",
            TraceDirection.Impact => $"AND e.type {(forward ? "IN" : "NOT IN")} ({ForwardTypes})",
            _ => $"AND e.type {(forward ? "NOT IN" : "IN")} ({ForwardTypes})",
        };
        var (here, there) = forward ? ("from_node", "to_node") : ("to_node", "from_node");
        return sql.List(
            $"""
            SELECT DISTINCT e.type, e.{there} FROM graph_relation e {reader.Dialect.IndexedBy(forward ? "graph_relation_from" : "graph_relation_to")} {reader.Dialect.Either("CROSS JOIN", "JOIN")} graph_resource r ON r.node = e.{there}
            WHERE e.{here} = @node AND e.{there} IS NOT NULL AND e.doubted = 0 AND r.gone_at IS NULL AND r.organization = @organization {which} LIMIT @most
            """, row => new Edge(Vocabulary.Find(row.GetString(0))!.Value, row.GetInt64(1), forward), ("node", node), ("organization", reader.Organization), ("most", most));
    }

    private Dictionary<long, ResourceRow> Rows(IEnumerable<long> nodes) => nodes.Distinct().Chunk(500)
        .SelectMany(chunk => reader.Rows($"SELECT {GraphReader.Columns} FROM graph_resource r WHERE r.node {reader.Dialect.In("@chunk")} AND r.organization = @organization", new { chunk, organization = reader.Organization }))
        .ToDictionary(row => row.Node);

    private static TraceStep Step(Visit visit, Dictionary<long, ResourceRow> rows) => new(rows[visit.Node], visit.Distance, visit.Relation, visit.Forward, rows[visit.From]);
}
