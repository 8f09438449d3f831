using System.Data.Common;
using Dapper;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Collectors.State;
using McpInfra.Graph.Correlation;
using McpInfra.Graph.Store;

namespace McpInfra.Graph.Scan;

/// <summary>Stores what is not as it was, each time within one transaction.</summary>
internal sealed class NewsWriter(string organization, SourceSettings source, SourceRecord record, long now)
{
    private readonly int rank = Rank.Of(source.Kind);
    private HashSet<UInt128>? storedRelations;

    /// <summary>Stores news; answers what that did to resources.</summary>
    public Tally Store(DbConnection connection, IReadOnlyList<News> news)
    {
        if (news.Any(one => one is News.Other { Observation: Observation.Found or Observation.Charged or Observation.Cataloged }))
        {
            new LinkMark(connection, organization).Clear();
        }

        var nodes = new NodeWriter(connection, organization, now);
        if (!record.IsFresh)
        {
            nodes.Expect(source.Name, news.OfType<News.OfResource>().Select(one => one.Resource.Key));
        }

        var left = news.Where(one => !IsStored(connection, nodes, one)).ToList();
        nodes.Expect(left.SelectMany(one => one.Names));
        foreach (var one in left.OfType<News.OfResource>()) // What the others speak of.
        {
            nodes.Contribute(source.Name, rank, one.Resource);
        }

        foreach (var one in left)
        {
            Store(connection, nodes, one);
        }

        nodes.Flush();
        return nodes.Tally;
    }

    private void Store(DbConnection connection, NodeWriter nodes, News news)
    {
        switch (news)
        {
            case News.OfRelation relation:
                Store(nodes, relation);
                break;
            case News.OfState state:
                Store(nodes, state.Managed, state.Key);
                break;
            case News.Other { Observation: Observation.Found(var finding) }:
                record.Findings.Store(connection, finding);
                break;
            case News.Other { Observation: Observation.Charged(var charge) }:
                record.Costs.Store(connection, charge);
                break;
            case News.Other { Observation: Observation.Wrote(var document) }:
                record.Documents.Store(connection, document);
                break;
            case News.Other { Observation: Observation.Cataloged(var path, var entity) }:
                record.Documents.Store(connection, path, entity);
                break;
        }
    }

    private bool IsStored(DbConnection connection, NodeWriter nodes, News one) => !record.IsFresh && one switch
    {
        News.OfResource(var resource) => nodes.IsStored(resource),
        News.OfRelation(var from, var type, var to) => StoredRelations(connection).Contains(Fingerprint.Of(from, type, to)),
        _ => false,
    };

    // A scan that was cut short, or the first after a change of ours, knows no digests: what is stored tells.
    private HashSet<UInt128> StoredRelations(DbConnection connection) => storedRelations ??=
    [
        .. connection.Query<(string From, string Type, string To)>(
            "SELECT from_key, type, to_key FROM graph_relation WHERE organization = @organization AND source = @Name", new { organization, source.Name }, buffered: false)
            .Select(row => Fingerprint.Of(row.From, row.Type, row.To)),
    ];

    private void Store(NodeWriter nodes, News.OfRelation relation)
    {
        var (from, to) = nodes.Relate(source.Name, relation.From, relation.Type, relation.To);
        if (record.WasScanned && from <= record.LastNode && to <= record.LastNode)
        {
            new RelationHistory(nodes.Sql, organization, now).Note("appeared", source.Name, relation.Type, from.Value, to.Value);
        }
    }

    private void Store(NodeWriter nodes, Managed managed, string key)
    {
        var old = nodes.Sql.First(
            "SELECT key, node FROM graph_managed WHERE organization = @organization AND source = @source AND state = @state AND address = @address",
            row => new Claim(row.GetString(0), row.NumberAt(1)), ("organization", organization), ("source", source.Name), ("state", managed.State), ("address", managed.Address));
        if (old?.Key == key && old.Node is not null)
        {
            return;
        }

        var node = nodes.Resolve(key);
        nodes.Sql.Send(
            """
            INSERT INTO graph_managed (organization, source, state, address, engine, key, node, part) VALUES (@organization, @source, @state, @address, @engine, @key, @node, @part)
            ON CONFLICT (organization, source, state, address) DO UPDATE SET key = excluded.key, node = excluded.node, part = excluded.part
            WHERE graph_managed.key <> excluded.key OR graph_managed.node IS DISTINCT FROM excluded.node
            """,
            ("organization", organization), ("source", source.Name), ("state", managed.State), ("address", managed.Address), ("engine", managed.Engine), ("key", key), ("node", node),
            ("part", TerraformTypes.IsPartAddress(managed.Address)));
        foreach (var touched in new[] { node, old?.Node }.OfType<long>())
        {
            nodes.Touch(touched);
        }
    }

    private sealed record Claim(string Key, long? Node);
}
