using System.Data.Common;
using System.Security.Cryptography;
using System.Text.Json;
using Dapper;
using McpInfra.Storage;

namespace McpInfra.Guardrails.Approvals;

/// <summary>Approvals of one organisation, shared by every process on the state. Each decision is one transaction: none is used twice.</summary>
/// <param name="database">Opened with <see cref="Schema"/>.</param>
/// <param name="organization">The organisation.</param>
/// <param name="time">Now.</param>
/// <param name="settings">How they are kept.</param>
public sealed class ApprovalStore(Database database, string organization, TimeProvider time, ApprovalSettings? settings = null)
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(90);
    private readonly ApprovalSettings settings = settings ?? new ApprovalSettings();

    /// <summary>The tables.</summary>
    public static Schema Schema { get; } = new(
        "approvals",
        """
        CREATE TABLE approval (
            id TEXT PRIMARY KEY, organization TEXT NOT NULL, person TEXT, agent TEXT NOT NULL, session TEXT NOT NULL, call TEXT NOT NULL,
            operation TEXT NOT NULL, arguments TEXT NOT NULL, targets TEXT NOT NULL, reasons TEXT NOT NULL, digest TEXT NOT NULL,
            people INTEGER NOT NULL, enforced INTEGER NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL,
            denied_by TEXT, denied INTEGER, used_by TEXT, used INTEGER);
        CREATE INDEX approval_digest ON approval (organization, digest);
        CREATE INDEX approval_created ON approval (organization, created);
        CREATE TABLE approval_yes (
            approval TEXT NOT NULL REFERENCES approval (id) ON DELETE CASCADE, person TEXT NOT NULL, person_key TEXT NOT NULL, time INTEGER NOT NULL,
            PRIMARY KEY (approval, person_key));
        """);

    /// <summary>Approvals by time, newest first; those that wait or are given, or all that are kept (90 days).</summary>
    public IReadOnlyList<Approval> List(bool all = false, int most = 200) => database.Read(connection =>
        Rows(connection, "ORDER BY created DESC, id DESC LIMIT @most", new { organization, most = all ? most : settings.MostWaitingInAll * 2 })
            .Where(approval => all || approval.State is ApprovalState.Waiting or ApprovalState.Approved).Take(most).ToList());

    /// <summary>The approval of that id, or null.</summary>
    public Approval? Find(string id) => database.Read(connection => One(connection, id));

    /// <summary>A person's yes. It does not count twice, nor for one's own call where approvals are enforced, nor after a no or the end of its time.</summary>
    public ApprovalDecision Approve(string id, string person) => Decide(id, person, (connection, approval) =>
    {
        if (approval.IsEnforced && approval.Person is { } asker && Key(asker) == Key(person))
        {
            return "Who asks cannot approve: another person has to.";
        }

        var now = Now();
        var counted = connection.Execute(
            "INSERT INTO approval_yes (approval, person, person_key, time) VALUES (@id, @person, @key, @now) ON CONFLICT DO NOTHING", new { id, person, key = Key(person), now });
        if (counted == 0)
        {
            return "This person has approved already; nobody counts twice.";
        }

        connection.Execute("UPDATE approval SET expires = @expires WHERE id = @id", new { id, expires = now + Lifetime });
        return null;
    });

    /// <summary>A person's no, which is final: the identical call is refused as long as the denial is kept.</summary>
    public ApprovalDecision Deny(string id, string person) => Decide(id, person, (connection, _) =>
    {
        connection.Execute("UPDATE approval SET denied_by = @person, denied = @now WHERE id = @id", new { id, person, now = Now() });
        return null;
    });

    /// <summary>What a call that wants people meets: uses up its approval if one is given, else finds or makes the one that waits. One transaction.</summary>
    internal Approval? UseOrAsk(Approval wanted, string digest) => database.Write(connection =>
    {
        connection.Execute("DELETE FROM approval WHERE organization = @organization AND created < @before", new { organization, before = Now() - Milliseconds(Kept) });
        var known = Rows(connection, "AND digest = @digest ORDER BY created DESC, id DESC", new { organization, digest }).ToList();
        if (known.FirstOrDefault(approval => approval.State is ApprovalState.Denied) is { } denied)
        {
            return denied;
        }

        if (known.FirstOrDefault(approval => approval.State is ApprovalState.Approved && Suffices(approval, wanted)) is { } approved)
        {
            connection.Execute("UPDATE approval SET used_by = @call, used = @now WHERE id = @Id", new { approved.Id, call = wanted.Call, now = Now() });
            return approved with { State = ApprovalState.Used, UsedBy = wanted.Call };
        }

        return known.FirstOrDefault(approval => approval.State is ApprovalState.Waiting && Suffices(approval, wanted)) ?? Add(connection, wanted, digest);
    });

    /// <summary>An id of its own.</summary>
    internal static string NewId() => "approval_" + RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 12);

    // One that was given under weaker terms than hold now does not count.
    private static bool Suffices(Approval approval, Approval wanted) => approval.People >= wanted.People && (approval.IsEnforced || !wanted.IsEnforced);

    private long Lifetime => Milliseconds(settings.Lifetime ?? TimeSpan.FromHours(24));

    private Approval? Add(DbConnection connection, Approval wanted, string digest)
    {
        var now = Now();
        const string Waiting = """
            SELECT COUNT(*) AS in_all, COUNT(*) FILTER (WHERE session = @Session AND person IS NOT DISTINCT FROM @Person) AS in_session FROM approval a
            WHERE organization = @organization AND expires > @now AND denied IS NULL AND used IS NULL
            AND (SELECT COUNT(*) FROM approval_yes WHERE approval = a.id) < people
            """;
        var (inAll, inSession) = connection.QuerySingle<(long, long)>(Waiting, new { organization, now, wanted.Session, wanted.Person });
        if (inSession >= settings.MostWaiting || inAll >= settings.MostWaitingInAll)
        {
            return null;
        }

        connection.Execute(
            """
            INSERT INTO approval (id, organization, person, agent, session, call, operation, arguments, targets, reasons, digest, people, enforced, created, expires)
            VALUES (@Id, @organization, @Person, @Agent, @Session, @Call, @Operation, @Arguments, @Targets, @Reasons, @digest, @People, @enforced, @now, @expires)
            """,
            new
            {
                wanted.Id, organization, wanted.Person, wanted.Agent, wanted.Session, wanted.Call, wanted.Operation, wanted.Arguments, wanted.Targets, wanted.Reasons,
                digest, wanted.People, enforced = wanted.IsEnforced ? 1 : 0, now, expires = now + Lifetime,
            });
        return One(connection, wanted.Id);
    }

    private ApprovalDecision Decide(string id, string person, Func<DbConnection, Approval, string?> decide)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(person);
        return database.Write(connection =>
        {
            var approval = One(connection, id);
            var obstacle = approval?.State switch
            {
                null => "There is no approval of that id.",
                ApprovalState.Used => "It has been used.",
                ApprovalState.Denied => "It was denied, and that is final.",
                ApprovalState.Expired => "Its time has ended; the agent has to ask again.",
                ApprovalState.Approved => "It is approved already.",
                _ => decide(connection, approval),
            };
            var now = One(connection, id);
            return new ApprovalDecision(obstacle is null, obstacle ?? Said(now!), now);
        });
    }

    private static string Said(Approval approval) => approval.State switch
    {
        ApprovalState.Approved => "Approved: the identical call runs, once.",
        ApprovalState.Denied => "Denied: the identical call stays refused.",
        _ => $"Noted: {approval.People - approval.ApprovedBy.Count} more people must approve.",
    };

    private Approval? One(DbConnection connection, string id) => Rows(connection, "AND id = @id", new { organization, id }).SingleOrDefault();

    private IEnumerable<Approval> Rows(DbConnection connection, string rest, object parameters) => connection
        .Query<Row>(
            $"""
            SELECT id, person, agent, session, call, operation, arguments, targets, reasons, people, enforced, created, expires, denied_by AS deniedBy, used_by AS usedBy,
            (SELECT {Dialect.Of(connection).Either("json_group_array(person)", "json_agg(person)::text")} FROM (SELECT person FROM approval_yes WHERE approval = a.id ORDER BY time, person_key) AS said) AS approvedBy
            FROM approval a WHERE organization = @organization {rest}
            """, parameters)
        .Select(row => row.Approval(organization, Now()));

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    private static long Milliseconds(TimeSpan span) => (long)span.TotalMilliseconds;

    // Accounts that differ in letter case or blanks alone are taken for one person.
    private static string Key(string person) => person.Trim().ToLowerInvariant();

    private sealed class Row
    {
        public required string Id { get; init; }

        public string? Person { get; init; }

        public required string Agent { get; init; }

        public required string Session { get; init; }

        public required string Call { get; init; }

        public required string Operation { get; init; }

        public required string Arguments { get; init; }

        public required string Targets { get; init; }

        public required string Reasons { get; init; }

        public int People { get; init; }

        public bool Enforced { get; init; }

        public long Created { get; init; }

        public long Expires { get; init; }

        public string? DeniedBy { get; init; }

        public string? UsedBy { get; init; }

        public string? ApprovedBy { get; init; }

        public Approval Approval(string organization, long now)
        {
            var approvedBy = ApprovedBy is null ? [] : JsonSerializer.Deserialize<string[]>(ApprovedBy) ?? [];
            return new Approval
            {
                Id = Id, Organization = organization, Person = Person, Agent = Agent, Session = Session, Call = Call, Operation = Operation, Arguments = Arguments,
                Targets = Targets, Reasons = Reasons, People = People, ApprovedBy = approvedBy, IsEnforced = Enforced, DeniedBy = DeniedBy, UsedBy = UsedBy,
                Created = DateTimeOffset.FromUnixTimeMilliseconds(Created), Expires = DateTimeOffset.FromUnixTimeMilliseconds(Expires),
                State = DeniedBy is not null ? ApprovalState.Denied
                    : UsedBy is not null ? ApprovalState.Used
                    : now >= Expires ? ApprovalState.Expired
                    : approvedBy.Length >= People ? ApprovalState.Approved
                    : ApprovalState.Waiting,
            };
        }
    }
}
