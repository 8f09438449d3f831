using McpInfra.Graph.Queries;
using McpInfra.Storage;

namespace McpInfra.Graph;

/// <summary>What is known of one organisation's resources. Each answer is read from one consistent snapshot.</summary>
public sealed class ResourceGraph
{
    private readonly Database database;
    private readonly string organization;
    private readonly TimeProvider time;

    internal ResourceGraph(Database database, string organization, TimeProvider time) => (this.database, this.organization, this.time) = (database, organization, time);

    /// <summary>Resources by text and filters, a page at a time.</summary>
    /// <exception cref="CursorException">The cursor belongs to another query, or what it points at has been swept.</exception>
    public SearchPage Search(SearchQuery query) => Read(reader => new Search(reader, query).Page());

    /// <summary>How many resources the filters leave, by type, region, account, provider, environment, managed or tag:KEY.</summary>
    /// <exception cref="CursorException">The cursor belongs to another query.</exception>
    public CountPage Count(SearchQuery query, string by) => Read(reader => new Search(reader, query).Count(by));

    /// <summary>The resource that an id, alias, unique name or code address means; else the candidates, or what comes nearest.</summary>
    public Resolved Resolve(string resource) => Read(reader => new Resolver(reader).Resolve(resource));

    /// <summary>Everything known of a resource, now or as it was; null when it was not known at that time.</summary>
    public ResourceDetails? Describe(ResourceRow resource, DateTimeOffset? at = null) => Read(reader => new Describe(reader).Of(resource, at));

    /// <summary>What lies around a resource, by distance.</summary>
    public TraceResult Trace(ResourceRow start, TraceDirection direction, int depth, IReadOnlySet<RelationType>? relations = null) =>
        Read(reader => new Trace(reader, relations).Around(start, direction, depth));

    /// <summary>A shortest path between two resources of at most so many relations; null when there is none, or none within the budget.</summary>
    public TraceResult? Path(ResourceRow start, ResourceRow end, TraceDirection direction, int depth, IReadOnlySet<RelationType>? relations = null) =>
        Read(reader => new Trace(reader, relations).Path(start, end, direction, depth));

    /// <summary>Ids and names that begin with a prefix, any case, for completions.</summary>
    public IReadOnlyList<string> Complete(string prefix, int max) => Read(reader => new Resolver(reader).Complete(prefix, max));

    /// <summary>Findings by text and filters, a page at a time.</summary>
    public FindingPage Findings(FindingQuery query) => Read(reader => new FindingSearch(reader).Page(query));

    /// <summary>When the sources were last read and what is stale.</summary>
    public Freshness Freshness() => Read(reader => Queries.Freshness.Read(reader));

    private T Read<T>(Func<GraphReader, T> query) => database.Read(connection => query(new GraphReader(connection, organization, time.GetUtcNow())));
}
