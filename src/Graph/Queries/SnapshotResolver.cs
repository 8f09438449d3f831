using McpInfra.Graph.Snapshot;
using McpInfra.Graph.Store;

namespace McpInfra.Graph.Queries;

/// <summary>Finds and describes resources by what a snapshot knows, for while the record cannot be reached. It reads every id, which takes milliseconds a hundred thousand.</summary>
internal sealed class SnapshotResolver(GraphView view)
{
    private const int Most = 10;
    private const int MostRelations = 1000;

    /// <summary>The resource of that id, or of that name when it is the only one.</summary>
    public Resolved Resolve(string resource)
    {
        var (text, byName) = (resource.Trim(), new List<int>());
        var key = IdentityKey.Of(text);
        foreach (var (ordinal, id, name) in All())
        {
            if (IdentityKey.Of(id) == key)
            {
                return new Resolved(Reading.Row(view, ordinal), [], []);
            }

            if (name.Equals(text, StringComparison.OrdinalIgnoreCase) && byName.Count <= Most)
            {
                byName.Add(ordinal);
            }
        }

        return byName switch
        {
            [] => new Resolved(null, [], []),
            [var only] => new Resolved(Reading.Row(view, only), [], []),
            _ => new Resolved(null, [.. byName.Take(Most).Select(ordinal => Reading.Row(view, ordinal))], []) { More = byName.Count > Most },
        };
    }

    /// <summary>Ids and names that begin with a prefix, any case, the shortest first.</summary>
    public IReadOnlyList<string> Complete(string prefix, int max) =>
    [
        .. All().SelectMany(one => new[] { one.Name, one.Id }).Where(text => text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)).Take(10 * max)
            .Distinct().OrderBy(text => text.Length).ThenBy(text => text, StringComparer.Ordinal).Take(max),
    ];

    /// <summary>The row and its relations.</summary>
    public ResourceDetails? Describe(ResourceRow row)
    {
        if (view.OrdinalOf(row.Node) is not (>= 0 and var ordinal))
        {
            return null;
        }

        var known = new Resource { Id = row.Id, Type = row.Type, Name = row.Name, Provider = row.Provider, Account = row.Account, Region = row.Region, Environment = row.Environment };
        return new ResourceDetails(row, known)
        {
            Relations = [.. view.Relations(ordinal).Take(MostRelations).Select(edge => new RelatedResource(edge.Type, edge.Forward, Reading.Row(view, edge.Other)))],
        };
    }

    private IEnumerable<(int Ordinal, string Id, string Name)> All()
    {
        for (var ordinal = 0; ordinal < view.Snapshot.Count; ordinal++)
        {
            if (view.Overlay is null || !Bits.Has(view.Overlay.Hidden, ordinal))
            {
                yield return (ordinal, view.Snapshot.Id(ordinal), view.Snapshot.Name(ordinal));
            }
        }

        foreach (var (ordinal, row) in view.Overlay?.Rows ?? [])
        {
            yield return (ordinal, row.Row.Id, row.Row.Name);
        }
    }
}
