using Dapper;
using McpInfra.Graph.Drift;
using McpInfra.Graph.Store;

namespace McpInfra.Graph.Queries;

/// <summary>Reads how resources differ from what states say of them.</summary>
internal sealed class DriftReader(GraphReader reader)
{
    /// <summary>Of one resource, compared anew.</summary>
    public ResourceDrift Of(ResourceRow row)
    {
        var told = reader.Connection.Query<(long Rank, string Body)>(
            $"SELECT k.rank, {Contributions.Body} FROM {Contributions.From} WHERE k.node = @Node AND k.organization = @organization AND k.gone_at IS NULL ORDER BY k.rank, k.source, k.key", new { row.Node, organization = reader.Organization })
            .Select(one => new NodeMerge.View((int)one.Rank, ResourceDocument.Read(one.Body))).ToList();
        var shared = () => Drifts.IsShared(new Statements(reader.Connection), reader.Organization, row.Node);
        return Drifts.Between(told, shared) ?? OfStack(row) ?? ResourceDrift.None(
            row.GoneAt is not null ? "the cloud no longer has it"
            : !row.IsManaged ? "no state manages it"
            : told.Exists(view => view.Rank == Rank.State) ? "only a state tells of it: scan the cloud that it is in"
            : "its state tells that it manages it, and no attributes");
    }

    /// <summary>What its cloud detected of it, as its stack or deployment tells.</summary>
    private ResourceDrift? OfStack(ResourceRow row) => row.GoneAt is not null || !row.IsManaged ? null : reader.Connection.Query<(string Address, string Body)>(
        $"""
        SELECT m.address, {Contributions.Body} FROM graph_managed m
            JOIN graph_relation r ON r.to_node = m.node AND r.type = @contains AND r.organization = m.organization AND r.source = m.source AND r.doubted = 0
            JOIN graph_contribution k ON k.node = r.from_node AND k.organization = m.organization AND k.source = m.source AND k.gone_at IS NULL
            LEFT JOIN graph_document d ON d.node = k.node
        WHERE m.node = @Node AND m.organization = @organization AND m.engine IN ('cloudformation', 'arm') AND m.part = 0
        """, new { row.Node, organization = reader.Organization, contains = Vocabulary.Name(RelationType.Contains) })
        .Select(one => (Logical: one.Address[(one.Address.IndexOf('/') + 1)..], Stack: ResourceDocument.Read(one.Body)))
        .Select(one => StackDrift.Of(one.Stack, one.Logical)).FirstOrDefault(drift => drift is not null);

    /// <summary>Those that differ, the latest first.</summary>
    public DriftPage Page(int limit)
    {
        var total = reader.Connection.ExecuteScalar<long>("SELECT count(*) FROM graph_drift WHERE organization = @organization", new { organization = reader.Organization });
        var rows = reader.Connection.Query<(long Node, long Since)>(
            "SELECT node, since FROM graph_drift WHERE organization = @organization ORDER BY since DESC, node LIMIT @limit", new { organization = reader.Organization, limit }).AsList();
        var resources = reader.ByNode([.. rows.Select(row => row.Node)]);
        return new DriftPage([.. rows.Where(row => resources.ContainsKey(row.Node)).Select(row => new DriftedResource(resources[row.Node], DateTimeOffset.FromUnixTimeMilliseconds(row.Since)))], total);
    }
}

/// <summary>Resources that differ from what a state says of them.</summary>
/// <param name="Resources">The latest first.</param>
/// <param name="Total">How many there are in all.</param>
public sealed record DriftPage(IReadOnlyList<DriftedResource> Resources, long Total);

/// <summary>A resource that differs.</summary>
/// <param name="Resource">The resource, with the attributes that do.</param>
/// <param name="Since">When a scan first saw that it does.</param>
public sealed record DriftedResource(ResourceRow Resource, DateTimeOffset Since);
