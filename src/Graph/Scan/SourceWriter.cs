using System.Data.Common;
using Dapper;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Store;
using McpInfra.Storage;

namespace McpInfra.Graph.Scan;

/// <summary>
/// Writes what one scan of one source saw, batch by batch, each batch one transaction. What is as it was is not written.
/// Nothing is swept before <see cref="Finish"/>, so a scan that is killed leaves a graph that lacks nothing.
/// </summary>
internal sealed class SourceWriter
{
    private const int ManyAdded = 10_000;

    private static readonly string[] Counted = ["graph_resource", "graph_alias", "graph_text", "graph_relation", "graph_contribution"];

    private readonly Database database;
    private readonly string organization;
    private readonly SourceSettings source;
    private readonly long now;
    private readonly bool release;
    private readonly SourceRecord record;
    private readonly Intake intake;
    private readonly NewsWriter writer;
    private bool isForgotten;
    private List<News> news = [];

    /// <param name="database">The store.</param>
    /// <param name="organization">The organisation.</param>
    /// <param name="source">The source.</param>
    /// <param name="time">Of the scan.</param>
    /// <param name="release">Whether a person lets go of scopes of which most vanished.</param>
    public SourceWriter(Database database, string organization, SourceSettings source, DateTimeOffset time, bool release)
    {
        (this.database, this.organization, this.source, this.release, now) = (database, organization, source, release, time.ToUnixTimeMilliseconds());
        record = SourceRecord.Load(database, organization, source, now);
        (intake, writer) = (new Intake(source, record), new NewsWriter(organization, source, record, now));
        Result = new SourceResult(source.Name, source.Kind);
    }

    public SourceResult Result { get; private set; }

    /// <summary>How far listings had come when the scan before was cut.</summary>
    public Unfinished Unfinished => record.Progress.Unfinished;

    /// <summary>Whether listings have come further than is stored.</summary>
    public bool HasCome => record.Progress.HasNews;

    /// <summary>About how many bytes hold what is still to be stored.</summary>
    public long Waiting { get; private set; }

    /// <summary>Takes note of what was seen; what is not as it was waits to be stored.</summary>
    public void Take(IReadOnlyList<Observation> seen)
    {
        foreach (var one in seen.Select(intake.Read).OfType<News>())
        {
            news.Add(one);
            Waiting += one.Size;
        }
    }

    /// <summary>What waits to be stored, which no longer waits.</summary>
    public Unstored Next()
    {
        var next = new Unstored(news, record.Progress.Next());
        (news, Waiting) = ([], 0);
        return next;
    }

    /// <summary>Stores news in one transaction. It may run while <see cref="Take"/> does.</summary>
    public void Store(Unstored next)
    {
        if (next is { News.Count: 0, Marks.IsEmpty: true })
        {
            return;
        }

        Count(database.Write(connection => Store(connection, next)));
        isForgotten |= next.News.Count > 0;
    }

    /// <summary>The source ended: what its complete listings did not name goes, what failed is marked stale.</summary>
    public void Finish()
    {
        var last = record.Progress.Last();
        var (tally, held) = database.Write(connection => Finish(connection, last));
        Count(tally);
        Result = intake.Counted(Result) with { Held = held };
    }

    /// <summary>Nothing of the source, or no more of it, can be read: what was known of it stays.</summary>
    public void Fail(string message)
    {
        database.Write(connection => connection.Execute(
            "UPDATE graph_source SET failed_at = @now, failure = @message WHERE organization = @organization AND name = @Name", new { organization, source.Name, now, message }));
        Result = intake.Counted(Result) with { Failure = message };
    }

    // What a scan before told is no fresher than that.
    private long AsOf => record.Progress.Since ?? now;

    private Tally Store(DbConnection connection, Unstored next)
    {
        Store(connection, next.Marks);
        if (next.News.Count == 0)
        {
            return new Tally();
        }

        if (!isForgotten)
        {
            Told.Forget(connection, organization, source.Name);
        }

        return writer.Store(connection, next.News);
    }

    private void Store(DbConnection connection, ListingMarks marks) => marks.Store(connection, organization, source.Name, record.Told.Key, record.Digests.Common);

    private (Tally Tally, List<string> Held) Finish(DbConnection connection, ListingMarks last)
    {
        var (complete, failures) = (intake.Complete, intake.Failures);
        var nodes = new NodeWriter(connection, organization, now);
        var sweep = new Sweep(connection, organization, source.Name, now, nodes, record.Told, record.Digests) { Release = release, IsFirst = record.IsFresh, AsOf = AsOf };
        if (record.Told.IsAsBefore && failures.Count == 0 && record.Progress.Since is null)
        {
            sweep.Renew();
        }
        else
        {
            sweep.Run(complete, failures, isCloud: !source.IsFiles);
            if (sweep.HasKept)
            {
                record.Told.See(record.Digests.Kept);
            }

            Remember(connection, isWhole: failures.Count == 0 && sweep.Held.Count == 0);
        }

        // A cloud that was listed whole was asked for its resources.
        record.Findings.Sweep(connection, [.. complete.Where(scope => scope.Type != "*" || (source.IsFiles && scope.Account is null))], id => record.Told.Has(record.Digests.OfFinding(id)));
        record.Documents.Sweep(connection, complete);
        record.Costs.Sweep(connection, complete, failures, hash => record.Told.Has(record.Digests.OfCharge(hash)));
        nodes.Flush();
        nodes.IndexTexts();
        sweep.NoteRelations();
        nodes.Sql.Finish();
        Store(connection, last);
        Ended(connection);
        if (Result.Added >= ManyAdded)
        {
            Dialect.Of(connection).Count(connection, Counted);
        }

        return (nodes.Tally, sweep.Held);
    }

    private void Remember(DbConnection connection, bool isWhole)
    {
        if (isWhole)
        {
            record.Told.Store(connection, organization, source.Name);
        }
        else
        {
            Told.Forget(connection, organization, source.Name);
        }
    }

    private void Ended(DbConnection connection)
    {
        connection.Execute("UPDATE graph_source SET scanned_at = @AsOf, failed_at = NULL, failure = NULL WHERE organization = @organization AND name = @Name", new { organization, source.Name, AsOf });
        connection.Execute("DELETE FROM graph_fact WHERE organization = @organization AND source = @Name", new { organization, source.Name });
        foreach (var fact in intake.Facts)
        {
            connection.Execute("INSERT INTO graph_fact (organization, source, name, value) VALUES (@organization, @Source, @Name, @Value) ON CONFLICT (organization, source, name) DO UPDATE SET value = excluded.value", new { organization, Source = source.Name, fact.Name, fact.Value });
        }
    }

    private void Count(Tally tally) => Result = Result with
    {
        Added = Result.Added + tally.Added, Changed = Result.Changed + tally.Changed, Gone = Result.Gone + tally.Gone,
    };
}
