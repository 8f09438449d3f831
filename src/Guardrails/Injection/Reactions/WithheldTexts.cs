using System.Data.Common;
using Dapper;
using McpInfra.Storage;

namespace McpInfra.Guardrails.Injection.Reactions;

/// <summary>Texts kept from models, for people to read on the command line: of one organisation each, 1,000 at most, 16 K characters each, for 30 days.</summary>
/// <param name="database">Opened with <see cref="Schema"/>.</param>
/// <param name="time">Now.</param>
public sealed class WithheldTexts(Database database, TimeProvider time)
{
    /// <summary>How many an organisation keeps; the oldest go first.</summary>
    public const int Most = 1000;

    /// <summary>Characters of one that are kept.</summary>
    public const int Longest = 16 * 1024;

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>The table.</summary>
    public static Schema Schema { get; } = new(
        "withheld",
        """
        CREATE TABLE withheld (
            organization TEXT NOT NULL, handle TEXT NOT NULL, text TEXT NOT NULL, length INTEGER NOT NULL, trust TEXT NOT NULL, source TEXT,
            call TEXT NOT NULL, operation TEXT NOT NULL, agent TEXT NOT NULL, created INTEGER NOT NULL,
            PRIMARY KEY (organization, handle));
        CREATE INDEX withheld_created ON withheld (organization, created);
        """);

    /// <summary>Those kept, newest first.</summary>
    public IReadOnlyList<WithheldText> List(string organization) => database.Read(connection => Rows(connection, "ORDER BY created DESC, handle", organization, ""));

    /// <summary>The one of that handle, or null.</summary>
    public WithheldText? Find(string organization, string handle) => database.Read(connection => Rows(connection, "AND handle = @handle", organization, handle).SingleOrDefault());

    /// <summary>Keeps texts that a call has met; false when the store could not take them in time. One that is kept already stays as it was.</summary>
    public async Task<bool> KeepAsync(IReadOnlyCollection<WithheldText> texts, Call call, CancellationToken stop)
    {
        try
        {
            await Task.Run(() => Keep(texts, call), stop).WaitAsync(Patience, time, stop);
            return true;
        }
        catch (Exception exception) when (exception is StoreUnavailableException or TimeoutException)
        {
            return false; // The answer is told without; a person finds the text where it was read.
        }
    }

    private void Keep(IReadOnlyCollection<WithheldText> texts, Call call)
    {
        var organization = call.Caller.Organization;
        var known = database.Read(connection => texts.Where(text => Rows(connection, "AND handle = @handle", organization, text.Handle).Count > 0).Select(text => text.Handle).ToHashSet());
        if (known.Count == texts.Count)
        {
            return;
        }

        database.Write(connection =>
        {
            foreach (var text in texts.Where(text => !known.Contains(text.Handle)))
            {
                connection.Execute(
                    """
                    INSERT INTO withheld (organization, handle, text, length, trust, source, call, operation, agent, created)
                    VALUES (@organization, @Handle, @kept, @length, @trust, @Source, @Id, @operation, @agent, @now) ON CONFLICT DO NOTHING
                    """,
                    new
                    {
                        organization, text.Handle, kept = Kept(text.Text), length = text.Text.Length, trust = text.Trust.ToString(), text.Source,
                        call.Id, operation = call.Operation.Name, agent = call.Caller.Agent.Name, now = Now(),
                    });
            }

            connection.Execute("DELETE FROM withheld WHERE organization = @organization AND created <= @before", new { organization, before = Before() });
            connection.Execute(
                "DELETE FROM withheld WHERE organization = @organization AND handle NOT IN (SELECT handle FROM withheld WHERE organization = @organization ORDER BY created DESC, handle LIMIT @Most)",
                new { organization, Most });
        });
    }

    private List<WithheldText> Rows(DbConnection connection, string rest, string organization, string handle) =>
    [
        .. connection.Query<Row>(
            $"SELECT handle, text, length, trust, source, call, operation, agent, created FROM withheld WHERE organization = @organization AND created > @before {rest}",
            new { organization, handle, before = Before() }).Select(row => row.ToText()),
    ];

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    private long Before() => (time.GetUtcNow() - Lifetime).ToUnixTimeMilliseconds();

    // Not half a character at the end.
    private static string Kept(string text) => text.Length <= Longest ? text : text[..(char.IsHighSurrogate(text[Longest - 1]) ? Longest - 1 : Longest)];

    private sealed class Row
    {
        public required string Handle { get; init; }

        public required string Text { get; init; }

        public int Length { get; init; }

        public required string Trust { get; init; }

        public string? Source { get; init; }

        public required string Call { get; init; }

        public required string Operation { get; init; }

        public required string Agent { get; init; }

        public long Created { get; init; }

        public WithheldText ToText() => new(Handle, Text, Enum.Parse<Trust>(Trust), Source)
        {
            Length = Length, Call = Call, Operation = Operation, Agent = Agent, Time = DateTimeOffset.FromUnixTimeMilliseconds(Created),
        };
    }
}
