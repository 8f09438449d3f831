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
    private FindingWriter findings = null!;
    private DocumentWriter documents = null!;
    private CostWriter costs = null!;
    private readonly Dictionary<UInt128, UInt128> known = [];
    private readonly HashSet<UInt128> seen = [];
    private readonly HashSet<UInt128> knownRelations = [];
    private readonly Dictionary<Observation, Prepared> prepared = new(ReferenceEqualityComparer.Instance);
    private readonly bool release;
    private bool wasScanned;
    private long lastNode;
    private readonly SeenRows rows = new();
    private readonly List<Observation.Complete> complete = [];
    private readonly List<Observation.Failed> failures = [];
    private readonly List<Observation.Fact> facts = [];

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

    /// <summary>Stores a batch.</summary>
    public void Write(IReadOnlyList<Observation> batch)
    {
        var news = batch.Where(IsNew).ToList();
        if (news.Count > 0)
        {
            Count(database.Write(connection => Store(connection, news)));
        }

        prepared.Clear();
    }

    /// <summary>The source ended: what its complete listings did not name goes, what failed is marked stale.</summary>
    public void Finish()
    {
        var (tally, held) = database.Write(Finish);
        Count(tally);
        Result = Result with { Failures = failures, Held = held };
    }

    private (Tally Tally, List<string> Held) Finish(DbConnection connection)
    {
        var nodes = new NodeWriter(connection, organization, now);
        var sweep = new Sweep(connection, organization, source.Name, now, nodes) { Release = release };
        var scopes = sweep.Expand(complete, isCloud: !source.IsFiles);
        var held = sweep.Resources(scopes, seen);
        sweep.Relations(rows.Relations, nothingFailed: failures.Count == 0, scopes);
        if (failures.Count == 0)
        {
            sweep.Managed(rows.Managed);
        }

        findings.Sweep(connection, scopes);
        documents.Sweep(connection, complete);
        costs.Sweep(connection, complete);
        nodes.Flush();
        sweep.NoteRelations();
        sweep.Scopes([.. scopes.Union(complete)], failures, held);
        connection.Execute("UPDATE graph_source SET scanned_at = @now, failed_at = NULL, failure = NULL WHERE organization = @organization AND name = @Name", new { organization, source.Name, now });
        connection.Execute("DELETE FROM graph_fact WHERE organization = @organization AND source = @Name", new { organization, source.Name });
        foreach (var fact in facts)
        {
            connection.Execute("INSERT INTO graph_fact (organization, source, name, value) VALUES (@organization, @Source, @Name, @Value) ON CONFLICT (organization, source, name) DO UPDATE SET value = excluded.value", new { organization, Source = source.Name, fact.Name, fact.Value });
        }

        return (nodes.Tally, held);
    }

    /// <summary>Nothing of the source, or no more of it, can be read: what was known of it stays.</summary>
    public void Fail(string message)
    {
        database.Write(connection => connection.Execute(
            "UPDATE graph_source SET failed_at = @now, failure = @message WHERE organization = @organization AND name = @Name", new { organization, source.Name, now, message }));
        Result = Result with { Failures = failures, Failure = message };
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
        foreach (var (key, hash) in connection.Query<(string, byte[])>(
            "SELECT key, hash FROM graph_contribution WHERE organization = @organization AND source = @Name AND gone_at IS NULL", new { organization, source.Name }, buffered: false))
        {
            known[Fingerprint.Of(key)] = Fingerprint.Read(hash);
        }

        foreach (var (from, type, to) in connection.Query<(string, string, string)>(
            "SELECT from_key, type, to_key FROM graph_relation WHERE organization = @organization AND source = @Name", new { organization, source.Name }, buffered: false))
        {
            knownRelations.Add(Fingerprint.Of(from, type, to));
        }
    }

    private bool IsNew(Observation observation)
    {
        switch (observation)
        {
            case Observation.Seen(var resource):
                Result = Result with { Resources = Result.Resources + 1 };
                return IsNew(observation, Merge.Placed(resource, source.Environment));
            case Observation.Related(var relation):
                Result = Result with { Relations = Result.Relations + 1 };
                var row = Row(relation);
                return rows.Relations.Add(row) && !knownRelations.Contains(row);
            case Observation.Found(var finding):
                Result = Result with { Findings = Result.Findings + (finding.Status is FindingStatus.Open ? 1 : 0) };
                return findings.IsNew(finding);
            case Observation.Charged(var charge):
                Result = Result with { Charges = Result.Charges + 1 };
                return costs.IsNew(charge);
            case Observation.Wrote(var document):
                Result = Result with { Documents = Result.Documents + 1 };
                return documents.IsNew(document);
            case Observation.Cataloged(var path, var entity):
                return documents.IsNew(path, entity);
            case Observation.Complete scope:
                complete.Add(scope);
                return false;
            case Observation.Failed failure:
                failures.Add(failure);
                return false;
            case Observation.Fact fact:
                facts.Add(fact);
                return false;
            default:
                return true;
        }
    }

    /// <summary>Of two resources with one id the first counts, so that they do not change places with every scan.</summary>
    private bool IsNew(Observation observation, Resource resource)
    {
        var key = Fingerprint.Of(IdentityKey.Of(resource.Id));
        if (!seen.Add(key))
        {
            return false;
        }

        var body = ResourceDocument.Write(resource);
        var hash = Fingerprint.Of(body);
        if (known.TryGetValue(key, out var old) && old == hash)
        {
            return false;
        }

        prepared.Add(observation, new Prepared(resource, body, hash));
        return true;
    }

    private Tally Store(DbConnection connection, List<Observation> news)
    {
        if (news.Exists(observation => observation is Observation.Found or Observation.Charged))
        {
            new LinkMark(connection, organization).Clear();
        }

        var nodes = new NodeWriter(connection, organization, now);
        nodes.Expect(news.SelectMany(Names));
        foreach (var observation in news.OrderBy(observation => observation is not Observation.Seen)) // What relations speak of comes first.
        {
            switch (observation)
            {
                case Observation.Seen:
                    var told = prepared[observation];
                    nodes.Contribute(source.Name, rank, told.Resource, told.Body, Fingerprint.Bytes(told.Hash));
                    break;
                case Observation.Related(var relation):
                    Store(nodes, relation);
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

    private static IEnumerable<string> Names(Observation observation) => observation switch
    {
        Observation.Seen(var resource) => resource.Aliases.Append(resource.Id).Select(IdentityKey.Of),
        Observation.Related(var relation) => [IdentityKey.Of(relation.From), IdentityKey.Of(relation.To)],
        Observation.ManagedBy(var managed) => [IdentityKey.Of(managed.Resource)],
        _ => [],
    };

    private void Store(NodeWriter nodes, Relation relation)
    {
        var type = Vocabulary.Name(relation.Type);
        var (from, to) = nodes.Relate(source.Name, IdentityKey.Of(relation.From), type, IdentityKey.Of(relation.To));
        if (wasScanned && from <= lastNode && to <= lastNode)
        {
            new RelationHistory(nodes.Sql, organization, now).Note("appeared", source.Name, type, from.Value, to.Value);
        }
    }

    private void Store(DbConnection connection, NodeWriter nodes, Managed managed)
    {
        rows.Managed.Add((managed.State, managed.Address));
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

    private sealed record Prepared(Resource Resource, string Body, UInt128 Hash);

    private static UInt128 Row(Relation relation) => Fingerprint.Of(IdentityKey.Of(relation.From), Vocabulary.Name(relation.Type), IdentityKey.Of(relation.To));
}

/// <summary>Rows that a scan of a source saw again or anew.</summary>
internal sealed class SeenRows
{
    public HashSet<UInt128> Relations { get; } = [];

    public HashSet<(string State, string Address)> Managed { get; } = [];
}
