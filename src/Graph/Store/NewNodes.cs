namespace McpInfra.Graph.Store;

/// <summary>Resources that nothing was known of, collected to be written in bulk: of what is new, nothing has to be read and merged.</summary>
internal sealed class NewNodes(Statements sql, SearchTexts texts, string organization, long now)
{
    private static readonly string[] ResourceColumns =
        ["node", "organization", "id", "type", "name", "provider", "account", "region", "environment", "status", "owner", "managed", "facts", "hash", "first_seen", "changed_at"];

    private static readonly string[] ContributionColumns = ["organization", "source", "key", "node", "rank", "type", "account", "region", "hash", "body"];

    private readonly Dictionary<long, (string Source, string Key)> pending = [];
    private readonly List<object?[]> resources = [];
    private readonly List<object?[]> documents = [];
    private readonly List<object?[]> contributions = [];
    private readonly List<object?[]> aliases = [];
    private readonly List<object?[]> tags = [];
    private readonly List<string> names = [];
    private long last = -1;

    /// <summary>Whether the node is still to be written.</summary>
    public bool Has(long node) => pending.ContainsKey(node);

    /// <summary>Whether a source tells a node that is still to be written from the id; null when it is not.</summary>
    public bool? ToldApart(long node, string source, string id) => pending.TryGetValue(node, out var told) ? told.Source == source && told.Key != id : null;

    /// <summary>Takes a resource that one source tells of; answers its node.</summary>
    public long Add(string source, int rank, Resource resource, string body, byte[] hash)
    {
        var (node, key) = (Next(), IdentityKey.Of(resource.Id));
        pending.Add(node, (source, key));
        var owner = Merge.Owner(resource);
        var text = NodeMerge.SearchText(resource, []);
        resources.Add(
        [
            node, organization, resource.Id, resource.Type, NodeMerge.RowName(resource), resource.Provider, resource.Account, resource.Region, resource.Environment, resource.Status, owner, 0L,
            Fingerprint.Bytes(Fingerprint.Of(ResourceDocument.Facts(resource))), NodeMerge.Hash(body, text, owner, managed: false, live: true), now, now,
        ]);
        documents.Add([node, body]);
        contributions.Add([organization, source, key, node, (long)rank, resource.Type, resource.Account, resource.Region, hash, body]);
        texts.Add(node, text);
        foreach (var name in resource.Aliases.Select(IdentityKey.Of).Where(name => name.Length > 0 && name != key).Distinct().Prepend(key))
        {
            aliases.Add([organization, name, node, name == key ? 1L : 0L]);
            names.Add(name);
        }

        foreach (var (tag, value) in NodeMerge.TagRows(resource))
        {
            tags.Add([organization, node, tag, value]);
        }

        return node;
    }

    /// <summary>Writes all; answers the nodes and the names under which they are known now.</summary>
    public (IReadOnlyCollection<long> Nodes, IReadOnlyList<string> Names) Write()
    {
        if (pending.Count == 0)
        {
            return ([], []);
        }

        sql.Insert("graph_resource", ResourceColumns, resources);
        sql.Insert("graph_document", ["node", "body"], documents);
        sql.Insert("graph_contribution", ContributionColumns, contributions);
        sql.Insert("graph_alias", ["organization", "key", "node", "is_id"], aliases);
        sql.Insert("graph_tag", ["organization", "node", "key", "value"], tags);
        texts.Write();
        var written = (pending.Keys.ToList(), names.ToList());
        foreach (var rows in new[] { resources, documents, contributions, aliases, tags })
        {
            rows.Clear();
        }

        pending.Clear();
        names.Clear();
        return written;
    }

    // One scan at a time writes nodes, so that the next number is free.
    private long Next() => last = last < 0 ? (sql.Number("SELECT max(node) FROM graph_resource") ?? 0) + 1 : last + 1;
}
