using System.Data.Common;
using Dapper;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Collectors.State;
using McpInfra.Graph.Correlation;
using McpInfra.Graph.Store;
using McpInfra.Storage;

namespace McpInfra.Graph.Scan;

/// <summary>
/// Writes what one scan of one source saw, batch by batch, each batch one transaction. What is as it was is not written.
/// Nothing is swept before <see cref="Finish"/>, so a scan that is killed leaves a graph that lacks nothing.
/// </summary>
internal sealed class SourceWriter
{
    private readonly Database database;
    private readonly string organization;
    private readonly SourceSettings source;
    private readonly long now;
    private readonly int rank;
    private readonly bool release;
    private FindingWriter findings = null!;
    private DocumentWriter documents = null!;
    private CostWriter costs = null!;
    private Told told = null!;
    private Digests digests = null!;
    private ListingProgress progress = null!;
    private UInt128 form;
    private HashSet<UInt128>? storedRelations;
    private bool isFresh;
    private bool wasScanned;
    private long lastNode;
    private bool isForgotten;
    private int resources, relations, open, charges, pages;
    private readonly List<Observation.Complete> complete = [];
    private readonly List<Observation.Failed> failures = [];
    private readonly List<Observation.Fact> facts = [];
    private List<News> news = [];

    /// <param name="database">The store.</param>
    /// <param name="organization">The organisation.</param>
    /// <param name="source">The source.</param>
    /// <param name="time">Of the scan.</param>
    /// <param name="release">Whether a person lets go of scopes of which most vanished.</param>
    public SourceWriter(Database database, string organization, SourceSettings source, DateTimeOffset time, bool release)
    {
        this.release = release;
        (this.database, this.organization, this.source, now, rank) = (database, organization, source, time.ToUnixTimeMilliseconds(), Rank.Of(source.Kind));
        Load();
    }

    public SourceResult Result { get; private set; } = null!;

    /// <summary>How far listings had come when the scan before was cut.</summary>
    public Unfinished Unfinished => progress.Unfinished;

    /// <summary>Whether listings have come further than is stored.</summary>
    public bool HasCome => progress.HasNews;

    /// <summary>How much of what was seen is still to be stored.</summary>
    public int Waiting => news.Count;

    /// <summary>How many bytes the documents of resources that are still to be stored take.</summary>
    public long WaitingBytes { get; private set; }

    /// <summary>Takes note of what was seen; what is not as it was waits to be stored.</summary>
    public void Take(IReadOnlyList<Observation> seen)
    {
        foreach (var observation in seen)
        {
            if (Read(observation) is { } one)
            {
                news.Add(one);
                WaitingBytes += sizeof(char) * (one.Body?.Length ?? 0L);
            }
        }
    }

    /// <summary>What waits to be stored, which no longer waits.</summary>
    public Unstored Next()
    {
        var next = new Unstored(news, progress.Next());
        (news, WaitingBytes) = ([], 0);
        return next;
    }

    /// <summary>Stores news in one transaction. It may run while <see cref="Take"/> does.</summary>
    public void Store(Unstored next)
    {
        if (next is { News.Count: 0, Marks.IsEmpty: true })
        {
            return;
        }

        Count(database.Write(connection =>
        {
            next.Marks.Store(connection, organization, source.Name, told.Key, form);
            return next.News.Count > 0 ? Store(connection, next.News) : new Tally();
        }));
        isForgotten |= next.News.Count > 0;
    }

    /// <summary>The source ended: what its complete listings did not name goes, what failed is marked stale.</summary>
    public void Finish()
    {
        var last = progress.Last();
        var (tally, held) = database.Write(connection => Finish(connection, last));
        Count(tally);
        Result = Counted() with { Failures = failures, Held = held };
    }

    // What a scan before told is no fresher than that.
    private long AsOf => progress.Since ?? now;

    private (Tally Tally, List<string> Held) Finish(DbConnection connection, ListingMarks last)
    {
        var nodes = new NodeWriter(connection, organization, now);
        var sweep = new Sweep(connection, organization, source.Name, now, nodes, told, digests) { Release = release, IsFirst = isFresh, AsOf = AsOf };
        if (told.IsAsBefore && failures.Count == 0 && progress.Since is null)
        {
            sweep.Renew();
        }
        else
        {
            sweep.Run(complete, failures, isCloud: !source.IsFiles);
            Remember(connection, isWhole: failures.Count == 0 && sweep.Held.Count == 0);
        }

        // A cloud that was listed whole was asked for its resources.
        findings.Sweep(connection, [.. complete.Where(scope => scope.Type != "*" || (source.IsFiles && scope.Account is null))], id => told.Has(digests.OfFinding(id)));
        documents.Sweep(connection, complete);
        costs.Sweep(connection, complete);
        nodes.Flush();
        sweep.NoteRelations();
        connection.Execute("UPDATE graph_source SET scanned_at = @AsOf, failed_at = NULL, failure = NULL WHERE organization = @organization AND name = @Name", new { organization, source.Name, AsOf });
        last.Store(connection, organization, source.Name, told.Key, form);
        connection.Execute("DELETE FROM graph_fact WHERE organization = @organization AND source = @Name", new { organization, source.Name });
        foreach (var fact in facts)
        {
            connection.Execute("INSERT INTO graph_fact (organization, source, name, value) VALUES (@organization, @Source, @Name, @Value) ON CONFLICT (organization, source, name) DO UPDATE SET value = excluded.value", new { organization, Source = source.Name, fact.Name, fact.Value });
        }

        return (nodes.Tally, sweep.Held);
    }

    private void Remember(DbConnection connection, bool isWhole)
    {
        if (isWhole)
        {
            told.Store(connection, organization, source.Name);
        }
        else
        {
            Told.Forget(connection, organization, source.Name);
        }
    }

    /// <summary>Nothing of the source, or no more of it, can be read: what was known of it stays.</summary>
    public void Fail(string message)
    {
        database.Write(connection => connection.Execute(
            "UPDATE graph_source SET failed_at = @now, failure = @message WHERE organization = @organization AND name = @Name", new { organization, source.Name, now, message }));
        Result = Counted() with { Failures = failures, Failure = message };
    }

    private void Load()
    {
        Result = new SourceResult(source.Name, source.Kind);
        database.Write(connection => connection.Execute(
            """
            INSERT INTO graph_source (organization, name, kind, repository, stack) VALUES (@organization, @Name, @Kind, @Repository, @Stack)
            ON CONFLICT (organization, name) DO UPDATE SET kind = excluded.kind, repository = excluded.repository, stack = excluded.stack
            WHERE graph_source.kind <> excluded.kind OR graph_source.repository IS DISTINCT FROM excluded.repository OR graph_source.stack IS DISTINCT FROM excluded.stack
            """, new { organization, source.Name, source.Kind, source.Repository, source.Stack }));
        using var connection = database.Read();
        wasScanned = connection.ExecuteScalar<long?>("SELECT scanned_at FROM graph_source WHERE organization = @organization AND name = @Name", new { organization, source.Name }) is not null;
        lastNode = connection.ExecuteScalar<long?>("SELECT max(node) FROM graph_resource") ?? 0;
        findings = new FindingWriter(connection, organization, source.Name, now);
        documents = new DocumentWriter(connection, organization, source.Name);
        costs = new CostWriter(connection, organization, source.Name);
        told = Told.Load(connection, organization, source.Name);
        digests = new Digests(told.Key, string.Join('\n', source.Kind, source.Environment));
        progress = new ListingProgress(connection, organization, source.Name, now, form = digests.Common);
        isFresh = connection.ExecuteScalar<long?>("SELECT 1 FROM graph_contribution WHERE organization = @organization AND source = @Name LIMIT 1", new { organization, source.Name }) is null
            && connection.ExecuteScalar<long?>("SELECT 1 FROM graph_relation WHERE organization = @organization AND source = @Name LIMIT 1", new { organization, source.Name }) is null;
    }

    /// <summary>What is to be stored of an observation; null when it is as it was.</summary>
    private News? Read(Observation observation)
    {
        switch (observation)
        {
            case Observation.Seen(var resource):
                resources++;
                return Read(observation, resource);
            case Observation.Related(var relation):
                relations++;
                var edge = new StoredRelation(IdentityKey.Of(relation.From), Vocabulary.Name(relation.Type), IdentityKey.Of(relation.To));
                return See(observation, digests.OfRelation(edge.From, edge.Type, edge.To)) is Told.Sight.New ? new News(observation) { Relation = edge } : null;
            case Observation.ManagedBy(var managed):
                See(observation, digests.OfAddress(managed.State, managed.Address));
                return See(observation, digests.Of(managed)) is Told.Sight.New ? new News(observation) : null;
            case Observation.Found(var finding):
                open += finding.Status is FindingStatus.Open ? 1 : 0;
                See(observation, digests.OfFinding(finding.Id));
                return findings.IsNew(finding) ? new News(observation) : null;
            case Observation.Charged(var charge):
                charges++;
                return costs.IsNew(charge) ? new News(observation) : null;
            case Observation.Wrote(var document):
                pages++;
                return documents.IsNew(document) ? new News(observation) : null;
            case Observation.Cataloged(var path, var entity):
                return documents.IsNew(path, entity) ? new News(observation) : null;
            case Observation.Complete scope:
                complete.Add(scope);
                told.See(digests.Of(scope));
                return null;
            case Observation.Failed failure:
                failures.Add(failure);
                return null;
            case Observation.Fact fact:
                facts.Add(fact);
                return null;
            case Observation.Began began:
                foreach (var digest in progress.Begin(began.Listing!, began.GoesOn))
                {
                    told.See(digest);
                }

                return null;
            case Observation.Reached reached:
                progress.Reach(reached.Listing!, reached);
                return null;
            default:
                throw new ArgumentOutOfRangeException(nameof(observation), observation.GetType().Name, "Every kind is read here.");
        }
    }

    /// <summary>Of two resources with one id the first counts, so that they do not change places with every scan.</summary>
    private News? Read(Observation observation, Resource resource)
    {
        var key = IdentityKey.Of(resource.Id);
        if (See(observation, digests.OfKey(key)) is Told.Sight.Again || See(observation, digests.Of(resource)) is not Told.Sight.New)
        {
            return null;
        }

        var placed = Merge.Placed(resource, source.Environment);
        var body = ResourceDocument.Write(placed);
        return new News(observation) { Key = key, Resource = placed, Body = body, Hash = Fingerprint.Bytes(Fingerprint.Of(body)) };
    }

    private Told.Sight See(Observation observation, UInt128 digest)
    {
        progress.Note(observation.Listing, digest);
        return told.See(digest);
    }

    private Tally Store(DbConnection connection, IReadOnlyList<News> next)
    {
        if (next.Any(one => one.Observation is Observation.Found or Observation.Charged))
        {
            new LinkMark(connection, organization).Clear();
        }

        if (!isForgotten)
        {
            Told.Forget(connection, organization, source.Name);
        }

        var nodes = new NodeWriter(connection, organization, now);
        var (news, hashes) = (next.Where(one => !IsStored(connection, one)).ToList(), Hashes(nodes.Sql, next));
        news.RemoveAll(one => one.Key is not null && hashes.TryGetValue(one.Key, out var hash) && hash.AsSpan().SequenceEqual(one.Hash));
        nodes.Expect(news.SelectMany(Names));
        foreach (var one in news.OrderBy(one => one.Observation is not Observation.Seen)) // What relations speak of comes first.
        {
            switch (one.Observation)
            {
                case Observation.Seen:
                    nodes.Contribute(source.Name, rank, one.Resource!, one.Body!, one.Hash!);
                    break;
                case Observation.Related:
                    Store(nodes, one.Relation!);
                    break;
                case Observation.ManagedBy(var managed):
                    Store(connection, nodes, managed);
                    break;
                case Observation.Found(var finding):
                    findings.Store(connection, finding);
                    break;
                case Observation.Charged(var charge):
                    costs.Store(connection, charge);
                    break;
                case Observation.Wrote(var document):
                    documents.Store(connection, document);
                    break;
                case Observation.Cataloged(var path, var entity):
                    documents.Store(connection, path, entity);
                    break;
            }
        }

        nodes.Flush();
        return nodes.Tally;
    }

    /// <summary>Hashes of what is stored of the resources.</summary>
    private Dictionary<string, byte[]> Hashes(Statements sql, IReadOnlyList<News> next)
    {
        var stored = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var chunk in isFresh ? [] : next.Select(one => one.Key).OfType<string>().Chunk(5000))
        {
            foreach (var (key, hash) in sql.List(
                $"SELECT key, hash FROM graph_contribution WHERE organization = @organization AND source = @source AND key {sql.Dialect.InList("@keys")} AND gone_at IS NULL",
                row => (row.GetString(0), (byte[])row[1]), ("organization", organization), ("source", source.Name), ("keys", sql.Dialect.List(chunk))))
            {
                stored.Add(key, hash);
            }
        }

        return stored;
    }

    private bool IsStored(DbConnection connection, News one)
    {
        if (isFresh || one.Relation is not { } relation)
        {
            return false;
        }

        // A scan that was cut short, or the first after a change of ours, knows no digests: what is stored tells.
        storedRelations ??= [.. connection.Query<(string From, string Type, string To)>(
            "SELECT from_key, type, to_key FROM graph_relation WHERE organization = @organization AND source = @Name", new { organization, source.Name }, buffered: false)
            .Select(row => Fingerprint.Of(row.From, row.Type, row.To))];
        return storedRelations.Contains(Fingerprint.Of(relation.From, relation.Type, relation.To));
    }

    private static IEnumerable<string> Names(News one) => one switch
    {
        { Resource: { } resource } => resource.Aliases.Select(IdentityKey.Of).Append(one.Key!),
        { Relation: { } relation } => [relation.From, relation.To],
        { Observation: Observation.ManagedBy(var managed) } => [IdentityKey.Of(managed.Resource)],
        _ => [],
    };

    private void Store(NodeWriter nodes, StoredRelation relation)
    {
        var (from, to) = nodes.Relate(source.Name, relation.From, relation.Type, relation.To);
        if (wasScanned && from <= lastNode && to <= lastNode)
        {
            new RelationHistory(nodes.Sql, organization, now).Note("appeared", source.Name, relation.Type, from.Value, to.Value);
        }
    }

    private void Store(DbConnection connection, NodeWriter nodes, Managed managed)
    {
        var key = IdentityKey.Of(managed.Resource);
        var old = connection.QueryFirstOrDefault<(string? Key, long? Node)>(
            "SELECT key, node FROM graph_managed WHERE organization = @organization AND source = @source AND state = @State AND address = @Address", new { organization, source = source.Name, managed.State, managed.Address });
        if (old.Key == key && old.Node is not null)
        {
            return;
        }

        var node = nodes.Resolve(key);
        connection.Execute(
            """
            INSERT INTO graph_managed (organization, source, state, address, engine, key, node, part) VALUES (@organization, @source, @State, @Address, @Engine, @key, @node, @part)
            ON CONFLICT (organization, source, state, address) DO UPDATE SET key = excluded.key, node = excluded.node, part = excluded.part
            WHERE graph_managed.key <> excluded.key OR graph_managed.node IS DISTINCT FROM excluded.node
            """, new { organization, source = source.Name, managed.State, managed.Address, managed.Engine, key, node, part = TerraformTypes.IsPartAddress(managed.Address) ? 1 : 0 });
        foreach (var touched in new[] { node, old.Node }.OfType<long>())
        {
            nodes.Touch(touched);
        }
    }

    private void Count(Tally tally) => Result = Result with
    {
        Added = Result.Added + tally.Added, Changed = Result.Changed + tally.Changed, Gone = Result.Gone + tally.Gone,
    };

    private SourceResult Counted() => Result with { Resources = resources, Relations = relations, Findings = open, Charges = charges, Documents = pages };
}
