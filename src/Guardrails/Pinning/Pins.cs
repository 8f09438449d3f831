using System.Data.Common;
using Dapper;
using McpInfra.Storage;

namespace McpInfra.Guardrails.Pinning;

/// <summary>
/// What each server told models when an operator last accepted it, and what it tells now. The first start of a server is accepted as it is; from then on every change, addition
/// and removal stands until it is accepted. A server is this one, or one upstream of it.
/// </summary>
/// <param name="database">Opened with <see cref="Schema"/>.</param>
/// <param name="organization">The organisation.</param>
public sealed class Pins(Database database, string organization)
{
    /// <summary>The table.</summary>
    public static Schema Schema { get; } = new(
        "pins",
        """
        CREATE TABLE pin (
            organization TEXT NOT NULL, server TEXT NOT NULL, item TEXT NOT NULL,
            accepted_hash TEXT, accepted_text TEXT, seen_hash TEXT, seen_text TEXT,
            PRIMARY KEY (organization, server, item));
        """);

    /// <summary>Notes what a server tells now, and returns in what it differs from what was accepted.</summary>
    public IReadOnlyList<PinChange> Note(string server, IReadOnlyList<PinnedText> told)
    {
        var known = database.Read(connection => Rows(connection, server)).ToDictionary(row => row.Item);
        if (known.Count == told.Count && told.All(text => known.GetValueOrDefault(text.Item)?.SeenHash == text.Hash))
        {
            return Changes(known.Values);
        }

        database.Write(connection =>
        {
            var first = Rows(connection, server).Count == 0;
            connection.Execute("UPDATE pin SET seen_hash = NULL, seen_text = NULL WHERE organization = @organization AND server = @server", new { organization, server });
            foreach (var text in told)
            {
                connection.Execute(
                    """
                    INSERT INTO pin (organization, server, item, accepted_hash, accepted_text, seen_hash, seen_text)
                    VALUES (@organization, @server, @Item, @acceptedHash, @acceptedText, @Hash, @Text)
                    ON CONFLICT (organization, server, item) DO UPDATE SET seen_hash = excluded.seen_hash, seen_text = excluded.seen_text
                    """,
                    new { organization, server, text.Item, acceptedHash = first ? text.Hash : null, acceptedText = first ? text.Text : null, text.Hash, text.Text });
            }

            connection.Execute("DELETE FROM pin WHERE organization = @organization AND server = @server AND accepted_hash IS NULL AND seen_hash IS NULL", new { organization, server });
        });
        return Changes(server);
    }

    /// <summary>In what a server differs from what was accepted, as it was last seen.</summary>
    public IReadOnlyList<PinChange> Changes(string server) => Changes(database.Read(connection => Rows(connection, server)));

    /// <summary>Accepts what a server was last seen to tell; returns what changed with that.</summary>
    public IReadOnlyList<PinChange> Accept(string server) => database.Write(connection =>
    {
        var changes = Changes(Rows(connection, server));
        connection.Execute("DELETE FROM pin WHERE organization = @organization AND server = @server AND seen_hash IS NULL", new { organization, server });
        connection.Execute("UPDATE pin SET accepted_hash = seen_hash, accepted_text = seen_text WHERE organization = @organization AND server = @server", new { organization, server });
        return changes;
    });

    private static IReadOnlyList<PinChange> Changes(IEnumerable<Row> rows) =>
        [.. rows.Where(row => row.AcceptedHash != row.SeenHash).OrderBy(row => row.Item, StringComparer.Ordinal).Select(row => new PinChange(row.Item, row.AcceptedText, row.SeenText))];

    private List<Row> Rows(DbConnection connection, string server) => connection.Query<Row>(
        "SELECT item, accepted_hash AS acceptedHash, accepted_text AS acceptedText, seen_hash AS seenHash, seen_text AS seenText FROM pin WHERE organization = @organization AND server = @server",
        new { organization, server }).AsList();

    private sealed class Row
    {
        public required string Item { get; init; }

        public string? AcceptedHash { get; init; }

        public string? AcceptedText { get; init; }

        public string? SeenHash { get; init; }

        public string? SeenText { get; init; }
    }
}
