using Dapper;
using McpInfra.Graph.Drift;
using McpInfra.Graph.Store;

namespace McpInfra.Graph.Queries;

/// <summary>Reads everything known of one resource.</summary>
internal sealed class Describe(GraphReader reader)
{
    private const int MostRelations = 1000;
    private const int MostOthers = 200;

    private string Edges => $"""
        SELECT DISTINCT type, to_node, 1 FROM graph_relation {reader.Dialect.IndexedBy("graph_relation_from")} WHERE from_node = @node AND to_node IS NOT NULL AND doubted = 0
        UNION ALL SELECT DISTINCT type, from_node, 0 FROM graph_relation {reader.Dialect.IndexedBy("graph_relation_to")} WHERE to_node = @node AND from_node IS NOT NULL AND doubted = 0
        """;

    public ResourceDetails? Of(ResourceRow row, DateTimeOffset? at)
    {
        if (at is { } then && (then < row.FirstSeen || (row.GoneAt is { } gone && then >= gone)))
        {
            return null;
        }

        return at is null ? Now(row) : Past(row, at.Value);
    }

    private ResourceDetails Now(ResourceRow row)
    {
        var ((relations, untold), code, findings, costs) = (Relations(row.Node), Code(row.Node), new FindingSearch(reader).Of(row, MostOthers), new Costs(reader).Of(row));
        return new(row, ResourceDocument.Read(reader.Connection.QuerySingle<string>("SELECT body FROM graph_document WHERE node = @Node", new { row.Node })))
        {
            Relations = relations, Code = code, Findings = findings.Findings, Changes = Changes(row.Node), Costs = costs, Drift = new DriftReader(reader).Of(row), Owner = row.Owner,
            Untold = new Untold(
                untold, code.Count < MostOthers ? 0 : Count("SELECT 1 FROM graph_managed WHERE node = @node AND organization = @organization", row.Node) - code.Count,
                findings.Total - findings.Findings.Count, costs.Count < Queries.Costs.MostRows ? 0 : new Costs(reader).CountOf(row) - costs.Count),
        };
    }

    /// <summary>As scans saw it then. Code, drift, and owners by file or catalogue are kept for now only.</summary>
    private ResourceDetails Past(ResourceRow row, DateTimeOffset at)
    {
        var until = at.ToUnixTimeMilliseconds();
        var body = reader.Connection.QueryFirstOrDefault<string>("SELECT body FROM graph_version WHERE node = @Node AND until > @until ORDER BY until LIMIT 1", new { row.Node, until })
            ?? reader.Connection.QuerySingle<string>("SELECT body FROM graph_document WHERE node = @Node", new { row.Node });
        var resource = ResourceDocument.Read(body);
        var ((now, untold), findings, costs) = (Relations(row.Node), new FindingSearch(reader).OpenAt(row, at, MostOthers), new Costs(reader).Of(row, at));
        return new(row, resource)
        {
            At = at, Relations = new PastRelations(reader).Of(row.Node, now, at), Findings = findings.Findings, Costs = costs, Owner = Merge.Owner(resource),
            Untold = new Untold(
                untold, 0, findings.Total - findings.Findings.Count,
                costs.Count < Queries.Costs.MostRows ? 0 : new Costs(reader).CountOf(row, at) - costs.Count),
        };
    }

    private (List<RelatedResource> Told, long Untold) Relations(long node)
    {
        var edges = reader.Connection.Query<(string Type, long Other, int Forward)>(
            $"{Edges} LIMIT {MostRelations}", new { node }).AsList();
        var others = edges.Select(edge => edge.Other).Distinct().Chunk(500)
            .SelectMany(nodes => reader.Rows($"SELECT {GraphReader.Columns} FROM graph_resource r WHERE r.node {reader.Dialect.In("@nodes")} AND r.organization = @organization AND r.gone_at IS NULL", new { nodes, organization = reader.Organization }))
            .ToDictionary(row => row.Node);
        return (RelatedResource.InOrder(edges.Where(edge => others.ContainsKey(edge.Other)).Select(edge => new RelatedResource(Vocabulary.Find(edge.Type)!.Value, edge.Forward == 1, others[edge.Other]))),
            edges.Count < MostRelations ? 0 : Count(Edges, node) - MostRelations);
    }

    private long Count(string rows, long node) => reader.Connection.ExecuteScalar<long>($"SELECT count(*) FROM ({rows}) counted", new { node, organization = reader.Organization });

    private List<CodePlace> Code(long node) => [.. reader.Connection.Query<(string Address, string State, string? Repository, string? File, int? Line, bool Part)>(
        $"SELECT address, state, repository, file, line, part FROM graph_managed WHERE node = @node AND organization = @organization ORDER BY part, state, address LIMIT {MostOthers}", new { node, organization = reader.Organization })
        .Select(row => new CodePlace(row.Address, row.State, row.Repository, row.File, row.Line, row.Part))];

    private List<ResourceChange> Changes(long node) => [.. reader.Connection.Query<(long Time, string What, string Fields)>(
        "SELECT time, what, fields FROM graph_change WHERE node = @node AND organization = @organization ORDER BY time DESC, sequence DESC LIMIT 10", new { node, organization = reader.Organization })
        .Select(row => new ResourceChange(DateTimeOffset.FromUnixTimeMilliseconds(row.Time), row.What, row.Fields.Split('\n', StringSplitOptions.RemoveEmptyEntries)))];
}

/// <summary>Everything known of one resource.</summary>
/// <param name="Row">As answers list it.</param>
/// <param name="Resource">Its facts, at the time asked for.</param>
public sealed record ResourceDetails(ResourceRow Row, Resource Resource)
{
    /// <summary>The time asked for; null for now. The row is of now all the same.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>What it is related to, its own relations first.</summary>
    public IReadOnlyList<RelatedResource> Relations { get; init; } = [];

    /// <summary>How many there are beyond what is told here.</summary>
    public Untold Untold { get; init; } = new();

    /// <summary>The code that manages it, and the code that configures parts of it.</summary>
    public IReadOnlyList<CodePlace> Code { get; init; } = [];

    /// <summary>What is open, the most severe first.</summary>
    public IReadOnlyList<JoinedFinding> Findings { get; init; } = [];

    /// <summary>What it cost, the latest month first.</summary>
    public IReadOnlyList<CostRow> Costs { get; init; } = [];

    /// <summary>The latest first, at most ten.</summary>
    public IReadOnlyList<ResourceChange> Changes { get; init; } = [];

    /// <summary>How its cloud differs from what a state says; null of the past.</summary>
    public ResourceDrift? Drift { get; init; }

    /// <summary>Who owns it; of the past only who its tags say.</summary>
    public string? Owner { get; init; }
}

/// <summary>How much there is of a resource beyond what is told of it at once.</summary>
/// <param name="Relations">Relations.</param>
/// <param name="Code">Addresses of code.</param>
/// <param name="Findings">Open findings.</param>
/// <param name="Costs">Rows of costs by month and service.</param>
public sealed record Untold(long Relations = 0, long Code = 0, long Findings = 0, long Costs = 0);

/// <summary>A relation as seen from one of its ends.</summary>
/// <param name="Type">The relation.</param>
/// <param name="Forward">Whether it runs from here to the other.</param>
/// <param name="Other">The other end.</param>
public sealed record RelatedResource(RelationType Type, bool Forward, ResourceRow Other)
{
    /// <summary>The resource's own relations first.</summary>
    internal static List<RelatedResource> InOrder(IEnumerable<RelatedResource> relations) =>
    [
        .. relations.OrderByDescending(edge => edge.Forward).ThenBy(edge => edge.Type).ThenBy(edge => edge.Other.Type, StringComparer.OrdinalIgnoreCase)
            .ThenBy(edge => edge.Other.Name, StringComparer.Ordinal).ThenBy(edge => edge.Other.Id, StringComparer.Ordinal),
    ];
}

/// <summary>Code that manages a resource.</summary>
/// <param name="Address">Its address.</param>
/// <param name="State">The state's name: its source's, and the file's where that has several.</param>
/// <param name="Repository">Registered repository, when found.</param>
/// <param name="File">File within it.</param>
/// <param name="Line">Line of the file.</param>
/// <param name="IsPart">Whether it only configures the resource.</param>
public sealed record CodePlace(string Address, string State, string? Repository, string? File, int? Line, bool IsPart);

/// <summary>A change that a scan saw.</summary>
/// <param name="Time">When the scan saw it.</param>
/// <param name="What">appeared, changed or gone.</param>
/// <param name="Fields">What differs, by name.</param>
public sealed record ResourceChange(DateTimeOffset Time, string What, IReadOnlyList<string> Fields);
