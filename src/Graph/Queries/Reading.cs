using System.Globalization;
using McpInfra.Graph.Snapshot;

namespace McpInfra.Graph.Queries;

/// <summary>One organisation's graph at one moment: as a snapshot, and as rows of the record where that can be reached.</summary>
/// <param name="record">Reads in the transaction that the view is as new as; null when the record cannot be reached.</param>
/// <param name="view">The graph.</param>
internal sealed class Reading(GraphReader? record, GraphView view)
{
    private const int Chunk = 500;

    public GraphReader? Record => record;

    public GraphView View => view;

    /// <summary>Rows of resources of a view, by ordinal: the record's, else what the snapshot knows of them.</summary>
    public Dictionary<int, ResourceRow> Rows(GraphView of, IEnumerable<int> ordinals)
    {
        var distinct = ordinals.Distinct().ToList();
        if (record is null)
        {
            return distinct.ToDictionary(ordinal => ordinal, ordinal => Row(of, ordinal));
        }

        var rows = distinct.Select(of.Node).Chunk(Chunk).SelectMany(Rows).ToDictionary(row => row.Node);
        return distinct.ToDictionary(ordinal => ordinal, ordinal => rows[of.Node(ordinal)]);
    }

    /// <inheritdoc cref="Rows(GraphView, IEnumerable{int})"/>
    public Dictionary<int, ResourceRow> Rows(IEnumerable<int> ordinals) => Rows(view, ordinals);

    /// <summary>What a snapshot knows of a resource.</summary>
    public static ResourceRow Row(GraphView of, int ordinal)
    {
        if (of.Overlay is { } overlay && overlay.Rows.TryGetValue(ordinal, out var changed))
        {
            var now = changed.Row;
            return new ResourceRow
            {
                Node = now.Node, Id = now.Id, Type = now.Type, Name = now.Name, Provider = now.Provider, Account = now.Account, Region = now.Region,
                Environment = now.Environment, IsManaged = now.IsManaged, ChangedAt = DateTimeOffset.FromUnixTimeMilliseconds(now.ChangedAt),
            };
        }

        var (snapshot, run) = (of.Snapshot, of.Snapshot.RunOf(ordinal));
        return new ResourceRow
        {
            Node = snapshot.Node(ordinal), Id = snapshot.Id(ordinal), Name = snapshot.Name(ordinal),
            Type = snapshot.Types[run.Type]!, Provider = snapshot.Providers[run.Provider]!, Account = snapshot.Accounts[run.Account], Region = snapshot.Regions[run.Region],
            Environment = Value(snapshot, FacetIndex.Environment, ordinal), IsManaged = Value(snapshot, FacetIndex.Managed, ordinal) is not null,
            ChangedAt = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(Value(snapshot, FacetIndex.Changed, ordinal)!, CultureInfo.InvariantCulture)),
        };
    }

    private List<ResourceRow> Rows(long[] nodes) => record!.Rows(
        $"SELECT {GraphReader.Columns} FROM graph_resource r WHERE r.node {record.Dialect.In("@nodes")} AND r.organization = @organization", new { nodes, organization = record.Organization });

    private static string? Value(SnapshotReader snapshot, string facet, int ordinal)
    {
        foreach (var range in snapshot.Facets.Values(facet))
        {
            for (var value = range.Start.Value; value < range.End.Value; value++)
            {
                if (snapshot.Postings.Has(value, snapshot.Ranks[ordinal]))
                {
                    return snapshot.Facets.Text(value);
                }
            }
        }

        return null;
    }
}
