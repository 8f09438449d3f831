using McpInfra.Graph.Queries;
using McpInfra.Storage;

namespace McpInfra.Graph;

/// <summary>
/// What is known of one organisation's resources. Each answer is read at one moment: relations, counts and filters from the snapshot, texts and details from the record.
/// While the record cannot be reached, what the snapshot knows is answered, and <see cref="Freshness"/> says so.
/// </summary>
public sealed class ResourceGraph
{
    private readonly GraphAccess access;
    private readonly string organization;

    internal ResourceGraph(GraphAccess access, string organization) => (this.access, this.organization) = (access, organization);

    /// <summary>Resources by text and filters, a page at a time.</summary>
    /// <exception cref="CursorException">The cursor belongs to another query, or what it points at has been swept.</exception>
    /// <exception cref="StoreUnavailableException">The record cannot be reached, and the snapshot does not hold texts.</exception>
    public SearchPage Search(SearchQuery query) => Select(query, null, reading => new SnapshotSearch(reading, query, organization).Page(), reader => new Search(reader, query).Page());

    /// <summary>How many resources the filters leave, by type, region, account, provider, environment, managed or tag:KEY.</summary>
    /// <exception cref="CursorException">The cursor belongs to another query.</exception>
    /// <exception cref="StoreUnavailableException">The record cannot be reached, and the snapshot does not hold texts.</exception>
    public CountPage Count(SearchQuery query, string by) => Select(query, by, reading => new SnapshotSearch(reading, query, organization).Count(by), reader => new Search(reader, query).Count(by));

    /// <summary>The resource that an id, alias, unique name or code address means; else the candidates, or what comes nearest.</summary>
    public Resolved Resolve(string resource) => access.ReadOr(organization, reader => new Resolver(reader).Resolve(resource), view => new SnapshotResolver(view).Resolve(resource));

    /// <summary>Everything known of a resource, now or as it was; null when it was not known at that time.</summary>
    /// <exception cref="StoreUnavailableException">The record cannot be reached, and only it knows the past.</exception>
    public ResourceDetails? Describe(ResourceRow resource, DateTimeOffset? at = null) => at is null
        ? access.ReadOr(organization, reader => new Describe(reader).Of(resource, at), view => new SnapshotResolver(view).Describe(resource))
        : access.Read(organization, reader => new Describe(reader).Of(resource, at));

    /// <summary>What lies around a resource, by distance.</summary>
    public TraceResult Trace(ResourceRow start, TraceQuery query) => access.View(organization, reading => new Trace(reading, query).Around(start));

    /// <inheritdoc cref="Trace(ResourceRow, TraceQuery)"/>
    public TraceResult Trace(ResourceRow start, TraceDirection direction, int depth) => Trace(start, new TraceQuery(direction, depth));

    /// <summary>A shortest path between two resources; null when there is none, empty when there is none within the budget.</summary>
    public TraceResult? Path(ResourceRow start, ResourceRow end, TraceQuery query) => access.View(organization, reading => new Trace(reading, query).Path(start, end));

    /// <summary>Ids and names that begin with a prefix, any case, for completions.</summary>
    public IReadOnlyList<string> Complete(string prefix, int max) => access.ReadOr(organization, reader => new Resolver(reader).Complete(prefix, max), view => new SnapshotResolver(view).Complete(prefix, max));

    /// <summary>Brings the snapshot up to date, so that who asks next need not wait.</summary>
    public void Refresh() => access.View(organization, _ => true);

    /// <summary>Findings by text and filters, a page at a time.</summary>
    public FindingPage Findings(FindingQuery query) => access.Read(organization, reader => new FindingSearch(reader).Page(query));

    /// <summary>Passages of documents by words, a page at a time.</summary>
    public KnowledgePage Knowledge(KnowledgeQuery query) => access.Read(organization, reader => new KnowledgeSearch(reader).Page(query));

    /// <summary>What appeared, changed and went, the latest first.</summary>
    public ChangePage Changes(ChangeQuery query) => access.Read(organization, reader => new Changes(reader, query).Page());

    /// <summary>Resources that their cloud tells otherwise than a state does, the latest first.</summary>
    public DriftPage Drifted(int limit) => access.Read(organization, reader => new DriftReader(reader).Page(limit));

    /// <summary>What services cost by month and account, the latest month and the dearest first.</summary>
    public IReadOnlyList<ServiceCost> Costs(int limit) => access.Read(organization, reader => new Costs(reader).ByService(limit));

    /// <summary>When the sources were last read and what is stale.</summary>
    public Freshness Freshness() => access.ReadOr(organization, Queries.Freshness.Read, Queries.Freshness.Of);

    private T Select<T>(SearchQuery query, string? by, Func<Reading, T> bySnapshot, Func<GraphReader, T> byRecord)
    {
        if (!string.IsNullOrWhiteSpace(query.Text))
        {
            return access.Read(organization, byRecord);
        }

        return access.View(organization, reading => SnapshotSearch.CanAnswer(reading.View, query, by)
            ? bySnapshot(reading)
            : byRecord(reading.Record ?? throw new StoreUnavailableException("The store does not answer, and only it knows that tag. Ask again when it is back, or leave the tag out.")));
    }
}
