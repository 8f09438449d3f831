using McpInfra.Storage;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace McpInfra.TestKit;

/// <summary>An empty store of a test's own: a SQLite file in a folder, or, where MCP_INFRA_TEST_STORE says `postgres`, a schema of this process's PostgreSQL. test.sh runs the tests of the store both ways.</summary>
public sealed class TestStore : IDisposable
{
    private static readonly Lazy<Task<Postgres>> Server = new(StartAsync);

    private readonly string? file;
    private readonly string? connection;

    private TestStore(string? file, string? connection) => (this.file, this.connection) = (file, connection);

    /// <summary>Whether tests run on PostgreSQL.</summary>
    public static bool IsPostgres => Environment.GetEnvironmentVariable("MCP_INFRA_TEST_STORE") == "postgres";

    /// <summary>A new one; the folder is the caller's.</summary>
    public static TestStore In(string folder, string name = "state.db") => IsPostgres ? OnPostgres() : OnSqlite(folder, name);

    /// <summary>A new one on SQLite.</summary>
    public static TestStore OnSqlite(string folder, string name = "state.db") => new(Path.Combine(folder, name), null);

    /// <summary>A new one on PostgreSQL; skips the test where that is not installed.</summary>
    public static TestStore OnPostgres()
    {
        var server = Server.Value.GetAwaiter().GetResult();
        var schema = "t" + Guid.NewGuid().ToString("N");
        Run(server, $"CREATE SCHEMA {schema}");
        return new(null, $"Host=127.0.0.1;Port={server.Port};Username=owner;Database=postgres;SSL Mode=Disable;Search Path={schema},public;Maximum Pool Size=20");
    }

    /// <summary>The store, opened as another process would.</summary>
    public Database Open(params IReadOnlyList<Schema> schemas) => file is not null ? Database.OpenSqlite(file, schemas) : Database.OpenPostgres(connection!, schemas);

    /// <summary>The file of a SQLite one; the connection string of a PostgreSQL one.</summary>
    public string Place => file ?? connection!;

    /// <summary>Takes it away; a SQLite file goes with its folder.</summary>
    public void Dispose()
    {
        if (file is not null)
        {
            SqliteConnection.ClearAllPools();
            return;
        }

        NpgsqlConnection.ClearAllPools();
        Run(Server.Value.Result, $"DROP SCHEMA {new NpgsqlConnectionStringBuilder(connection).SearchPath!.Split(',')[0]} CASCADE");
    }

    private static async Task<Postgres> StartAsync()
    {
        var server = await Postgres.StartAsync(CancellationToken.None, logged: false);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.DisposeAsync().AsTask().Wait(TimeSpan.FromSeconds(10));
        Run(server, "CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public");
        return server;
    }

    private static void Run(Postgres server, string sql)
    {
        using var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={server.Port};Username=owner;Database=postgres;SSL Mode=Disable;Maximum Pool Size=5");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
