using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace McpInfra.Storage;

/// <summary>The state folder's database: many readers, one writer at a time, across processes. Safe for concurrent use.</summary>
public sealed class Database
{
    private readonly string connectionString;

    private Database(string connectionString) => this.connectionString = connectionString;

    /// <summary>Opens or creates a SQLite database at the path, in write-ahead mode, with every schema migrated.</summary>
    /// <exception cref="InvalidOperationException">The file cannot be opened or written, is not a database, or a newer version wrote it; the message says what mends that.</exception>
    public static Database OpenSqlite(string path, params IReadOnlyList<Schema> schemas)
    {
        try
        {
            return Open(path, schemas);
        }
        catch (SqliteException exception)
        {
            throw new InvalidOperationException($"{path} cannot be used as the state database ({exception.SqliteErrorCode}). Free the disk and mend its permissions, or restore it from a backup, or move it away and scan again: then plans, proposals and approvals in it are gone.", exception);
        }
    }

    private static Database Open(string path, IReadOnlyList<Schema> schemas)
    {
        var database = new Database(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = true,
            DefaultTimeout = 30,
        }.ToString());
        using (var connection = database.Read())
        {
            Execute(connection, "PRAGMA journal_mode=WAL");
        }

        database.Write(connection => Schema.Migrate(connection, schemas));
        return database;
    }

    /// <summary>An open connection for reading; the caller disposes it. What it reads is a consistent snapshot within one transaction.</summary>
    public DbConnection Read()
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        Execute(connection, "PRAGMA foreign_keys=ON; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY");
        return connection;
    }

    /// <summary>Runs work in one write transaction, which is committed when it returns and rolled back when it throws.</summary>
    public T Write<T>(Func<DbConnection, T> work)
    {
        using var connection = (SqliteConnection)Read();
        using var transaction = connection.BeginTransaction(deferred: false);
        var result = work(connection);
        transaction.Commit();
        return result;
    }

    /// <inheritdoc cref="Write{T}"/>
    public void Write(Action<DbConnection> work) => Write(connection =>
    {
        work(connection);
        return true;
    });

    // Not Dapper's, which compiles code for each statement: every start of the program runs these.
    private static void Execute(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
