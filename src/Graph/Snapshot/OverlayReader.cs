namespace McpInfra.Graph.Snapshot;

/// <summary>Reads what changed since a snapshot was taken.</summary>
internal static class OverlayReader
{
    /// <summary>The overlay of a view, with a resource that is gone as if it were there.</summary>
    public static Overlay With(GraphView view, Queries.ResourceRow gone, RecordReader? record)
    {
        var old = view.Overlay;
        var nodes = new HashSet<long>(old?.Nodes ?? new HashSet<long>()) { gone.Node };
        var related = new HashSet<long>(old?.Related ?? new HashSet<long>()) { gone.Node };
        var rows = old?.Rows.Values.ToDictionary(row => row.Row.Node) ?? [];
        rows[gone.Node] = new OverlayRow(new SnapshotRow(gone.Node, gone.Id, gone.Name, gone.Type, gone.Provider, gone.Account, gone.Region, gone.Environment, gone.IsManaged, gone.ChangedAt.ToUnixTimeMilliseconds()), []);
        var relations = record?.RelationsOf([gone.Node]) ?? [];
        relations.UnionWith(old?.Relations ?? new HashSet<(long, RelationType, long)>());
        return Overlay.Of(view.Snapshot, nodes, related, rows, relations);
    }

    /// <summary>The overlay of a view, with nodes read anew whose row or relations changed since.</summary>
    public static Overlay Renewed(GraphView view, IReadOnlySet<long> changedRows, IReadOnlySet<long> changedRelations, RecordReader record)
    {
        var old = view.Overlay;
        var rows = record.RowsOf(changedRows);
        var related = new HashSet<long>(changedRelations);
        related.UnionWith(rows.Keys.Where(node => view.Snapshot.OrdinalOf(node) < 0)); // The snapshot knows no relation of what it does not hold.
        var relations = record.RelationsOf(related);
        if (old is not null)
        {
            relations.UnionWith(old.Relations.Where(relation => !related.Contains(relation.From) && !related.Contains(relation.To)));
            related.UnionWith(old.Related);
            foreach (var row in old.Rows.Values.Where(row => !changedRows.Contains(row.Row.Node)))
            {
                rows.Add(row.Row.Node, row);
            }
        }

        var nodes = new HashSet<long>(changedRows);
        nodes.UnionWith(old?.Nodes ?? new HashSet<long>());
        return Overlay.Of(view.Snapshot, nodes, related, rows, relations);
    }
}
