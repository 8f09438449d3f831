using System.Data.Common;
using McpInfra.Storage.Postgres;
using McpInfra.Storage.Sqlite;

namespace McpInfra.Storage;

/// <summary>The record: many readers, one writer at a time, across processes and, on PostgreSQL, across servers. Safe for concurrent use.</summary>
public sealed class Database
{
    private readonly Engine engine;

    private Database(Engine engine) => this.engine = engine;

    /// <summary>Opens or creates a SQLite database at the path, in write-ahead mode, with every schema migrated.</summary>
    /// <exception cref="InvalidOperationException">The file cannot be opened or written, is not a database, or a newer version wrote it; the message says what mends that.</exception>
    public static Database OpenSqlite(string path, params IReadOnlyList<Schema> schemas) => Open(new SqliteEngine(path), schemas);

    /// <summary>Opens a PostgreSQL database (13 or newer, UTF-8), with every schema created or migrated in the connection's schema.</summary>
    /// <param name="connectionString">As Npgsql takes it. Its password appears in no message.</param>
    /// <param name="schemas">The tables of every feature.</param>
    /// <exception cref="InvalidOperationException">It is no connection string, the account may not do what is needed, or a newer version wrote the database; the message says what mends that.</exception>
    /// <exception cref="StoreUnavailableException">The server does not answer.</exception>
    public static Database OpenPostgres(string connectionString, params IReadOnlyList<Schema> schemas) => Open(PostgresEngine.Of(connectionString), schemas);

    /// <summary>How a PostgreSQL connection string is written.</summary>
    public const string ConnectionForm = PostgresEngine.Form;

    /// <summary>Whether it is a connection string that names a host.</summary>
    public static bool IsConnectionString(string text) => PostgresEngine.Read(text) is not null;

    private static Database Open(Engine engine, IReadOnlyList<Schema> schemas)
    {
        engine.Prepare();
        var database = new Database(engine);
        if (!database.Read(connection => Schema.AreCurrent(connection, schemas)))
        {
            database.Write(connection => Schema.Migrate(connection, schemas));
        }

        return database;
    }

    /// <summary>What the engine writes in its own way.</summary>
    public Dialect Dialect => engine.Dialect;

    /// <summary>An open connection for reading; the caller disposes it. What it reads is a consistent snapshot within one transaction.</summary>
    /// <exception cref="StoreUnavailableException">The server does not answer.</exception>
    public DbConnection Read() => engine.Guard(engine.Connect);

    /// <summary>Reads in one consistent snapshot, which waits for no writer. A read whose connection is lost is done again once, so it must keep nothing outside itself.</summary>
    /// <exception cref="StoreUnavailableException">The server does not answer.</exception>
    public T Read<T>(Func<DbConnection, T> query) => engine.Guard(() => engine.Read(query));

    /// <summary>
    /// Runs work in one write transaction, which is committed when it returns and rolled back when it throws.
    /// Where a server was lost or writers collided before the commit, the work runs again, a few times: it must keep nothing outside the transaction but in its result.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The server does not answer, or another writer holds it.</exception>
    public T Write<T>(Func<DbConnection, T> work) => engine.Guard(() => engine.Write(work));

    /// <inheritdoc cref="Write{T}"/>
    public void Write(Action<DbConnection> work) => Write(connection =>
    {
        work(connection);
        return true;
    });

    /// <summary>Takes a lock of that name, which at most one process of any server on the store holds; its holder's death frees it.</summary>
    /// <param name="name">Letters of our own.</param>
    /// <param name="patience">How long to wait for its holder.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <exception cref="TimeoutException">It was still held after that time.</exception>
    public Task<StoreLock> LockAsync(string name, TimeSpan patience, TimeProvider time, CancellationToken stop) =>
        StoreLock.AcquireAsync(() => engine.Guard(() => engine.TryLock(name)), patience, time, stop);

    /// <summary>Begins to listen for changes; the caller disposes it.</summary>
    public ChangeNotice Watch(TimeProvider time) => new(engine.ListenAsync, time);
}
