using McpInfra.Storage;

namespace McpInfra.Graph.Store;

/// <summary>Resources that nothing was known of, collected to be written in bulk: of what is new, nothing has to be read and merged.</summary>
internal sealed class NewNodes(Statements sql, SearchTexts texts, string organization, long now)
{
    private static readonly string[] ResourceColumns =
        ["node", "organization", "id", "type", "name", "provider", "account", "region", "environment", "status", "owner", "managed", "facts", "hash", "first_seen", "changed_at", "tags"];

    private static readonly string[] ContributionColumns = ["organization", "source", "key", "node", "rank", "type", "account", "region", "hash", "body"];

    private readonly Dictionary<long, (string Source, string Key)> told = [];
    private readonly List<New> pending = [];
    private long last = -1;

    private sealed record New(long Node, string Source, int Rank, StoredResource Resource);

    /// <summary>Whether the node is still to be written.</summary>
    public bool Has(long node) => told.ContainsKey(node);

    /// <summary>Whether a source tells a node that is still to be written from the id; null when it is not.</summary>
    public bool? ToldApart(long node, string source, string id) => told.TryGetValue(node, out var by) ? by.Source == source && by.Key != id : null;

    /// <summary>Takes a resource that one source tells of; answers its node.</summary>
    public long Add(string source, int rank, StoredResource resource)
    {
        var node = Next();
        told.Add(node, (source, resource.Key));
        pending.Add(new New(node, source, rank, resource));
        texts.Add(node, resource.PlainText);
        return node;
    }

    /// <summary>Writes all; answers the nodes and the names under which they are known now.</summary>
    public (IReadOnlyCollection<long> Nodes, IReadOnlyList<string> Names) Write()
    {
        if (pending.Count == 0)
        {
            return ([], []);
        }

        sql.Insert("graph_resource", ResourceColumns, pending.Select(Row));
        sql.Insert("graph_document", ["node", "body"], pending.Select(one => new object?[] { one.Node, new Utf8Text(one.Resource.Body) }));
        sql.Insert("graph_contribution", ContributionColumns, pending.Select(Contribution));
        sql.Insert("graph_alias", ["organization", "key", "node", "is_id"], pending.SelectMany(Aliases));
        texts.Write();
        var (nodes, names) = (told.Keys.ToList(), pending.SelectMany(one => one.Resource.OtherNames.Prepend(one.Resource.Key)).ToList());
        pending.Clear();
        told.Clear();
        return (nodes, names);
    }

    private object?[] Row(New one)
    {
        var (stored, resource) = (one.Resource, one.Resource.Outline);
        return
        [
            one.Node, organization, resource.Id, resource.Type, stored.RowName, resource.Provider, resource.Account, resource.Region, resource.Environment, resource.Status, stored.Owner, 0L,
            stored.Facts, stored.RowHash(stored.PlainText, stored.Owner, managed: false, live: true), now, now, stored.Tags,
        ];
    }

    // The document is what the one source tells: it is not stored twice.
    private object?[] Contribution(New one)
    {
        var (stored, resource) = (one.Resource, one.Resource.Outline);
        return [organization, one.Source, stored.Key, one.Node, (long)one.Rank, resource.Type, resource.Account, resource.Region, stored.Hash, Contributions.AsDocument];
    }

    private IEnumerable<object?[]> Aliases(New one) =>
        one.Resource.OtherNames.Select(name => new object?[] { organization, name, one.Node, 0L }).Prepend([organization, one.Resource.Key, one.Node, 1L]);

    // One scan at a time writes nodes, so that the next number is free.
    private long Next() => last = last < 0 ? (sql.Number("SELECT max(node) FROM graph_resource") ?? 0) + 1 : last + 1;
}
