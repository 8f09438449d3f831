using System.Data.Common;
using System.Text;
using McpInfra.Graph.Drift;

namespace McpInfra.Graph.Store;

/// <summary>Writes what sources say of resources within one transaction, and merges it into the rows that queries read.</summary>
internal sealed class NodeWriter
{
    private const int MergedAtOnce = 500;

    private readonly Identities identities;
    private readonly Statements sql;
    private readonly string organization;
    private readonly long now;
    private readonly Dictionary<long, StoredResource?> dirty = []; // With what a source said of it in this transaction.
    private readonly SearchTexts texts;
    private readonly NewNodes news;
    private readonly List<NewRelation> relations = [];
    private readonly NodeMerge merge;
    private readonly WaitingEnds waiting;
    private readonly List<string> newNames = [];
    private Dictionary<string, Told>? told; // By key; null while nothing is expected.

    public NodeWriter(DbConnection connection, string organization, long now)
    {
        (sql, this.organization, this.now) = (new Statements(connection), organization, now);
        texts = new SearchTexts(sql);
        news = new NewNodes(sql, texts, organization, now);
        identities = new Identities(sql, organization, news.ToldApart);
        Journal = new Journal(sql, organization, now);
        merge = new NodeMerge(sql, texts, organization, now, Tally, Journal);
        waiting = new WaitingEnds(sql, organization, this);
    }

    /// <summary>The transaction's statements.</summary>
    public Statements Sql => sql;

    public Tally Tally { get; } = new();

    /// <summary>What readers are told of this transaction; written by <see cref="Flush"/>.</summary>
    public Journal Journal { get; }

    /// <summary>Reads at once what names mean that are about to be asked for.</summary>
    public void Expect(IEnumerable<string> names) => identities.Load(names);

    /// <summary>Reads at once what the source, the only one of this transaction, told of resources that are about to be contributed.</summary>
    public void Expect(string source, IEnumerable<string> keys)
    {
        told ??= new Dictionary<string, Told>(StringComparer.Ordinal);
        foreach (var chunk in keys.Chunk(5000))
        {
            sql.Each(
                $"""
                SELECT key, node, hash, gone_at, (SELECT count(*) FROM graph_contribution o WHERE o.node = k.node) FROM graph_contribution k
                WHERE organization = @organization AND source = @source AND key {sql.Dialect.InList("@keys")}
                """,
                row => told.Add(row.GetString(0), new Told(row.GetInt64(1), (byte[])row[2], row.IsDBNull(3), row.GetInt64(4) == 1)), ("organization", organization), ("source", source), ("keys", sql.Dialect.List(chunk)));
        }
    }

    /// <summary>Whether an expected resource is stored as the source tells it.</summary>
    public bool IsStored(StoredResource resource) => told?.GetValueOrDefault(resource.Key) is { IsLive: true } known && known.Hash.AsSpan().SequenceEqual(resource.Hash);

    /// <summary>Stores what a source says of a resource.</summary>
    /// <param name="source">The source.</param>
    /// <param name="rank">Whose word counts first.</param>
    /// <param name="resource">What it says.</param>
    public void Contribute(string source, int rank, StoredResource resource)
    {
        if (NodeOf(source, resource) is not { } node)
        {
            var added = news.Add(source, rank, resource);
            identities.Add(added, resource);
            Tally.Added++;
            if (StackDrift.Tells(resource))
            {
                Touch(added);
            }

            return;
        }

        dirty[node] = StackDrift.Tells(resource) ? null : resource;
        if (told?.GetValueOrDefault(resource.Key) is { IsOnly: true, IsLive: true } only && only.Node == node && dirty[node] is not null)
        {
            sql.Send( // What it says becomes the document when the node is merged.
                "UPDATE graph_contribution SET type = @type, account = @account, region = @region, hash = @hash, body = @body WHERE organization = @organization AND source = @source AND key = @key",
                ("type", resource.Outline.Type), ("account", resource.Outline.Account), ("region", resource.Outline.Region), ("hash", resource.Hash), ("body", Contributions.AsDocument),
                ("organization", organization), ("source", source), ("key", resource.Key));
            return;
        }

        sql.Send(
            """
            INSERT INTO graph_contribution (organization, source, key, node, rank, type, account, region, hash, body)
            VALUES (@organization, @source, @key, @node, @rank, @type, @account, @region, @hash, @body)
            ON CONFLICT (organization, source, key) DO UPDATE SET
                node = excluded.node, rank = excluded.rank, type = excluded.type, account = excluded.account, region = excluded.region,
                hash = excluded.hash, body = excluded.body, gone_at = NULL
            """,
            ("organization", organization), ("source", source), ("key", resource.Key), ("node", node), ("rank", rank), ("type", resource.Outline.Type),
            ("account", resource.Outline.Account), ("region", resource.Outline.Region), ("hash", resource.Hash), ("body", Encoding.UTF8.GetString(resource.Body)));
    }

    /// <summary>Stores a relation that the source did not tell before; answers its ends, where they are known.</summary>
    public (long? From, long? To) Relate(string source, string from, string type, string to)
    {
        WriteNews();
        var (fromNode, toNode) = (Resolve(from), Resolve(to));
        (fromNode, toNode) = (fromNode ?? ByPeer(from, toNode), toNode ?? ByPeer(to, fromNode));
        relations.Add(new NewRelation(source, from, type, to, fromNode, toNode));
        Journal.Relation(type, fromNode, toNode);
        return (fromNode, toNode);

        long? ByPeer(string key, long? peer) => peer is null ? null : Resolve(key, peer);
    }

    /// <summary>The source's complete listing no longer names the resource. A cloud's word is kept as a mark, for a state may still claim it.</summary>
    public void Withdraw(string source, string key)
    {
        var one = sql.First(
            "SELECT node, rank FROM graph_contribution WHERE organization = @organization AND source = @source AND key = @key",
            row => new Source(row.GetInt64(0), row.GetInt32(1)), ("organization", organization), ("source", source), ("key", key))!;
        sql.Execute(
            one.Rank == Rank.Cloud
                ? "UPDATE graph_contribution SET gone_at = @now WHERE organization = @organization AND source = @source AND key = @key"
                : "DELETE FROM graph_contribution WHERE organization = @organization AND source = @source AND key = @key",
            ("organization", organization), ("source", source), ("key", key), ("now", now));
        Touch(one.Node);
    }

    public void Touch(long node) => dirty.TryAdd(node, null);

    public long? Resolve(string key, long? peer = null) => identities.Resolve(key, peer);

    /// <summary>No more is to come for now: what searches look through is brought up to date.</summary>
    public void IndexTexts() => texts.Index();

    /// <summary>Writes what was collected, merges every resource that was touched, and tells readers.</summary>
    public void Flush()
    {
        WriteNews();
        sql.Insert(
            "graph_relation", ["organization", "source", "from_key", "type", "to_key", "from_node", "to_node", "doubted"],
            relations.Select(relation => new object?[] { organization, relation.Source, relation.From, relation.Type, relation.To, relation.FromNode, relation.ToNode, 0L }));
        relations.Clear();
        waiting.Join(newNames);
        newNames.Clear();
        while (dirty.Count > 0)
        {
            var touched = dirty.ToArray();
            dirty.Clear();
            identities.Forget();
            foreach (var some in touched.Chunk(MergedAtOnce))
            {
                Merge(some);
            }
        }

        texts.Write();
        Journal.Write();
        sql.Finish();
    }

    private void Merge(KeyValuePair<long, StoredResource?>[] touched)
    {
        var stored = StoredNode.Read(sql, [.. touched.Select(one => one.Key)]);
        foreach (var (node, said) in touched)
        {
            if (stored.TryGetValue(node, out var known))
            {
                newNames.AddRange(merge.Run(node, known, said));
            }
        }

        identities.Forget();
        waiting.Join(newNames);
        newNames.Clear();
    }

    private void WriteNews()
    {
        var (nodes, names) = news.Write();
        newNames.AddRange(names);
        foreach (var node in nodes)
        {
            Journal.Row(node);
        }
    }

    /// <summary>The node of a resource; null when nothing was known of it.</summary>
    private long? NodeOf(string source, StoredResource resource)
    {
        var same = identities.Same(resource, source);
        if (same.Any(news.Has))
        {
            WriteNews();
        }

        var known = identities.IsUnknown(resource.Key) ? null : told is not null ? told.GetValueOrDefault(resource.Key)?.Node : sql.Number(
            "SELECT node FROM graph_contribution WHERE organization = @organization AND source = @source AND key = @key", ("organization", organization), ("source", source), ("key", resource.Key));
        if ((known ?? (same.Count > 0 ? same[0] : null)) is not { } node)
        {
            return null;
        }

        foreach (var other in same.Where(other => other != node))
        {
            Unite(node, other);
        }

        return node;
    }

    /// <summary>Two nodes turned out to be one resource.</summary>
    private void Unite(long keep, long drop)
    {
        Part(keep);
        Part(drop);
        sql.Execute(
            """
            UPDATE graph_contribution SET node = @keep WHERE node = @drop;
            UPDATE graph_relation SET from_node = @keep WHERE from_node = @drop;
            UPDATE graph_relation SET to_node = @keep WHERE to_node = @drop;
            UPDATE graph_managed SET node = @keep WHERE node = @drop;
            INSERT INTO graph_finding_link (organization, source, id, node) SELECT organization, source, id, @keep FROM graph_finding_link WHERE node = @drop ON CONFLICT DO NOTHING;
            DELETE FROM graph_finding_link WHERE node = @drop;
            DELETE FROM graph_finding_ended_link WHERE node = @drop;
            UPDATE graph_cost SET node = @keep WHERE node = @drop;
            DELETE FROM graph_catalog_owner WHERE node = @drop;
            DELETE FROM graph_drift WHERE node = @drop;
            UPDATE graph_change SET node = @keep WHERE node = @drop;
            UPDATE graph_relation_change SET from_node = @keep WHERE from_node = @drop;
            UPDATE graph_relation_change SET to_node = @keep WHERE to_node = @drop;
            DELETE FROM graph_alias WHERE node = @drop;
            DELETE FROM graph_text WHERE node = @drop;
            DELETE FROM graph_document WHERE node = @drop;
            DELETE FROM graph_version WHERE node = @drop;
            DELETE FROM graph_resource WHERE node = @drop;
            """, ("organization", organization), ("keep", keep), ("drop", drop));
        foreach (var (key, united) in told?.Where(one => one.Value.Node == drop || one.Value.Node == keep).ToList() ?? [])
        {
            told![key] = united with { Node = keep, IsOnly = false };
        }

        identities.Forget();
        Journal.Row(drop);
        Journal.Relations(keep);
        dirty.Remove(drop);
        dirty[keep] = null;
    }

    /// <summary>Gives what is told of a node a body of its own, though it was told in this transaction and is no document yet.</summary>
    private void Part(long node)
    {
        if (dirty.GetValueOrDefault(node) is { } said)
        {
            sql.Send("UPDATE graph_contribution SET body = @body WHERE node = @node AND key = @key AND body = ''", ("body", Encoding.UTF8.GetString(said.Body)), ("node", node), ("key", said.Key));
        }

        Contributions.Part(sql, node);
    }

    private sealed record Source(long Node, int Rank);

    private sealed record Told(long Node, byte[] Hash, bool IsLive, bool IsOnly);

    private readonly record struct NewRelation(string Source, string From, string Type, string To, long? FromNode, long? ToNode);
}
