using Dapper;
using McpInfra.Storage;
using Microsoft.Data.Sqlite;
using Xunit;

namespace McpInfra.Storage.Tests;

public sealed class A_database : IDisposable
{
    private static readonly Schema First = new("notes", "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL)");
    private static readonly Schema Second = new("notes", First.Steps[0], "ALTER TABLE note ADD COLUMN seen INTEGER NOT NULL DEFAULT 0");
    private readonly string folder = Directory.CreateTempSubdirectory("mcp-infra-storage-").FullName;

    private string File => Path.Combine(folder, "state.db");

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Migrates_what_an_older_version_wrote_and_keeps_it()
    {
        Database.OpenSqlite(File, First).Write(connection => connection.Execute("INSERT INTO note (text) VALUES ('kept')"));
        var database = Database.OpenSqlite(File, Second);
        using var connection = database.Read();
        Assert.Equal(("kept", 0L), connection.QuerySingle<(string, long)>("SELECT text, seen FROM note"));
    }

    [Fact]
    public void Refuses_what_a_newer_version_wrote_and_says_so()
    {
        Database.OpenSqlite(File, Second);
        Assert.Contains("newer mcp-infra", Assert.Throws<InvalidOperationException>(() => Database.OpenSqlite(File, First)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Work_that_throws_leaves_nothing_written()
    {
        var database = Database.OpenSqlite(File, First);
        Assert.Throws<InvalidDataException>(() => database.Write(connection =>
        {
            connection.Execute("INSERT INTO note (text) VALUES ('half')");
            throw new InvalidDataException();
        }));
        using var connection = database.Read();
        Assert.Equal(0, connection.ExecuteScalar<int>("SELECT count(*) FROM note"));
    }

    [Fact]
    public async Task Writers_take_turns_and_lose_nothing()
    {
        var databases = Enumerable.Range(0, 4).Select(_ => Database.OpenSqlite(File, First)).ToList();
        await Task.WhenAll(databases.Select(database => Task.Run(() =>
        {
            for (var index = 0; index < 25; index++)
            {
                database.Write(connection => connection.Execute("INSERT INTO note (text) VALUES ('one')"));
            }
        }, TestContext.Current.CancellationToken)));
        using var connection = databases[0].Read();
        Assert.Equal(100, connection.ExecuteScalar<int>("SELECT count(*) FROM note"));
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_left_as_it_is_and_the_message_says_what_mends_it()
    {
        System.IO.File.WriteAllText(File, new string('x', 5000));
        var refused = Assert.Throws<InvalidOperationException>(() => Database.OpenSqlite(File, First)).Message;
        Assert.Contains("restore it from a backup", refused, StringComparison.Ordinal);
        Assert.Equal(new string('x', 5000), System.IO.File.ReadAllText(File));
    }
}
