using Dapper;
using McpInfra.Storage;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Storage.Tests;

/// <summary>What holds on either engine.</summary>
public abstract class A_database(Func<string, TestStore> make) : IDisposable
{
    private static readonly Schema First = new("notes", "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL)");
    private static readonly Schema Second = new("notes", First.Steps[0], "ALTER TABLE note ADD COLUMN seen INTEGER NOT NULL DEFAULT 0");
    private readonly string folder = Directory.CreateTempSubdirectory("mcp-infra-storage-").FullName;
    private TestStore? store;

    protected TestStore Store => store ??= make(folder);

    public void Dispose()
    {
        store?.Dispose();
        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    private static long Count(Database database) => database.Read(connection => connection.ExecuteScalar<long>("SELECT count(*) FROM note"));

    private static void Add(Database database, string text) => database.Write(connection => connection.Execute("INSERT INTO note (text) VALUES (@text)", new { text }));

    [Fact]
    public void Migrates_what_an_older_version_wrote_and_keeps_it()
    {
        Add(Store.Open(First), "kept");
        Assert.Equal(("kept", 0L), Store.Open(Second).Read(connection => connection.QuerySingle<(string, long)>("SELECT text, seen FROM note")));
    }

    [Fact]
    public void Refuses_what_a_newer_version_wrote_and_says_so()
    {
        Store.Open(Second);
        Assert.Contains("newer mcp-infra", Assert.Throws<InvalidOperationException>(() => Store.Open(First)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Opened_by_several_at_once_is_migrated_once()
    {
        var store = Store;
        var databases = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => store.Open(Second))));
        Add(databases[0], "one");
        Assert.All(databases, database => Assert.Equal(1, Count(database)));
    }

    [Fact]
    public void Work_that_throws_leaves_nothing_written()
    {
        var database = Store.Open(First);
        Assert.Throws<InvalidDataException>(() => database.Write(connection =>
        {
            connection.Execute("INSERT INTO note (text) VALUES ('half')");
            throw new InvalidDataException();
        }));
        Assert.Equal(0, Count(database));
    }

    [Fact]
    public async Task Writers_take_turns_and_lose_nothing()
    {
        var databases = Enumerable.Range(0, 4).Select(_ => Store.Open(First)).ToList();
        await Task.WhenAll(databases.Select(database => Task.Run(() =>
        {
            for (var index = 0; index < 25; index++)
            {
                // Reads what it writes by: two at once would write the same number.
                database.Write(connection => connection.Execute("INSERT INTO note (text) SELECT CAST(count(*) AS TEXT) FROM note"));
            }
        })));
        Assert.Equal(100, databases[0].Read(connection => connection.ExecuteScalar<long>("SELECT count(DISTINCT text) FROM note")));
    }

    [Fact]
    public void A_read_sees_one_state_whatever_is_written_meanwhile()
    {
        var (database, other) = (Store.Open(First), Store.Open(First));
        database.Read(connection =>
        {
            Assert.Equal(0, connection.ExecuteScalar<long>("SELECT count(*) FROM note"));
            Add(other, "meanwhile");
            Assert.Equal(0, connection.ExecuteScalar<long>("SELECT count(*) FROM note"));
            return true;
        });
        Assert.Equal(1, Count(database));
    }

    [Fact]
    public async Task A_lock_is_one_process_s_until_it_is_given_back()
    {
        var stop = TestContext.Current.CancellationToken;
        var (one, other) = (Store.Open(First), Store.Open(First));
        using (var held = await one.LockAsync("scan", TimeSpan.Zero, TimeProvider.System, stop))
        {
            held.Ensure();
            await Assert.ThrowsAsync<TimeoutException>(() => other.LockAsync("scan", TimeSpan.Zero, TimeProvider.System, stop));
            (await other.LockAsync("another", TimeSpan.Zero, TimeProvider.System, stop)).Dispose();
        }

        (await other.LockAsync("scan", TimeSpan.Zero, TimeProvider.System, stop)).Dispose();
    }

    [Fact]
    public async Task Who_watches_is_told_of_a_change_that_another_announced()
    {
        var stop = TestContext.Current.CancellationToken;
        var (reader, writer) = (Store.Open(First), Store.Open(First));
        await using var notice = reader.Watch(TimeProvider.System);
        var told = 0L;
        for (var change = 0; change < 3; change++)
        {
            // The first may come before the watch has begun, and is then not told: so it is announced until it is.
            do
            {
                writer.Write(connection =>
                {
                    connection.Execute("INSERT INTO note (text) VALUES ('new')");
                    Dialect.Of(connection).Announce(connection);
                });
            }
            while (!await notice.WaitAsync(told, TimeSpan.FromSeconds(2), stop) && change == 0);
            Assert.True(notice.Count > told);
            told = notice.Count;
        }

        Assert.Null(notice.LostSince);
        Assert.False(await notice.WaitAsync(long.MaxValue, TimeSpan.FromMilliseconds(1), stop));
    }

    [Fact]
    public void Names_compare_without_case_where_asked_and_by_letters_else()
    {
        var database = Store.Open(new Schema("names", "CREATE TABLE name (plain TEXT NOT NULL, folded TEXT NOT NULL COLLATE NOCASE, PRIMARY KEY (plain)) WITHOUT ROWID"));
        database.Write(connection => connection.Execute("INSERT INTO name (plain, folded) VALUES ('Logs', 'Logs'), ('a_b', 'a_b'), ('Zed', 'Zed')"));
        database.Read(connection =>
        {
            Assert.Equal(1, connection.ExecuteScalar<long>("SELECT count(*) FROM name WHERE folded = @text", new { text = "LOGS" }));
            Assert.Equal(0, connection.ExecuteScalar<long>("SELECT count(*) FROM name WHERE plain = @text", new { text = "LOGS" }));
            Assert.Equal(1, connection.ExecuteScalar<long>("SELECT count(*) FROM name WHERE plain = @text COLLATE NOCASE", new { text = "LOGS" }));
            Assert.Equal(["Logs", "Zed", "a_b"], connection.Query<string>("SELECT plain FROM name ORDER BY plain"));
            Assert.Equal(2, connection.ExecuteScalar<long>("SELECT instr(plain, 'o') FROM name WHERE plain = 'Logs'"));
            return true;
        });
    }
}

public sealed class A_database_of_SQLite() : A_database(folder => TestStore.OnSqlite(folder))
{
    [Fact]
    public void Whose_file_is_no_database_is_refused_left_as_it_is_and_the_message_says_what_mends_it()
    {
        File.WriteAllText(Store.Place, new string('x', 5000));
        var refused = Assert.Throws<InvalidOperationException>(() => Store.Open()).Message;
        Assert.Contains("restore it from a backup", refused, StringComparison.Ordinal);
        Assert.Equal(new string('x', 5000), File.ReadAllText(Store.Place));
    }
}

public sealed class A_database_of_PostgreSQL() : A_database(_ => TestStore.OnPostgres())
{
    [Theory]
    [InlineData("hunter2")]
    [InlineData("Host=h;Port=hunter2")]
    [InlineData("Host=h;hunter2=x")]
    [InlineData("Database=x;Password=hunter2")]
    [InlineData("postgres://user:hunter2@host/database")]
    [InlineData("")]
    public void Whose_connection_string_is_none_is_refused_without_repeating_it(string connection)
    {
        var refused = Assert.Throws<InvalidOperationException>(() => Database.OpenPostgres(connection));
        Assert.Contains("store.postgres is no connection string", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_what_its_tables_hold_within_the_write_that_filled_them()
    {
        var database = Store.Open(new Schema("notes", "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL)"));
        database.Write(connection =>
        {
            connection.Execute("INSERT INTO note (text) VALUES ('one'), ('two'), ('three')");
            Dialect.Of(connection).Count(connection, ["note"]);
        });
        Assert.Equal(3, database.Read(connection => connection.ExecuteScalar<int>("SELECT reltuples::int FROM pg_class WHERE oid = 'note'::regclass")));
    }

    [Fact]
    public void That_does_not_answer_is_named_without_who_asks()
    {
        var refused = Assert.Throws<StoreUnavailableException>(() => Database.OpenPostgres("Host=127.0.0.1;Port=1;Username=agent7;Password=hunter2;Database=x"));
        Assert.Contains("127.0.0.1:1 does not answer", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refused.ToString(), StringComparison.Ordinal);
    }
}
