using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace McpInfra.Storage.Sqlite;

/// <summary>A SQLite file in write-ahead mode.</summary>
internal sealed class SqliteEngine(string path) : Engine
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly string connectionString = new SqliteConnectionStringBuilder
    {
        DataSource = path,
        Mode = SqliteOpenMode.ReadWriteCreate,
        Pooling = true,
        DefaultTimeout = 30,
    }.ToString();

    public override Dialect Dialect => SqliteDialect.Instance;

    public override void Prepare() => Guard(() =>
    {
        using var connection = Connect();
        Execute(connection, "PRAGMA journal_mode=WAL");
        return true;
    });

    public override DbConnection Connect()
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        Execute(connection, "PRAGMA foreign_keys=ON; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY");
        return connection;
    }

    public override T Read<T>(Func<DbConnection, T> query)
    {
        using var connection = (SqliteConnection)Connect();
        using var transaction = connection.BeginTransaction(deferred: true); // It only reads, and never waits for a writer.
        return query(connection);
    }

    public override T Write<T>(Func<DbConnection, T> work)
    {
        using var connection = (SqliteConnection)Connect();
        Execute(connection, "PRAGMA cache_size=-65536; PRAGMA wal_autocheckpoint=16384");
        using var transaction = connection.BeginTransaction(deferred: false);
        var result = work(connection);
        transaction.Commit();
        return result;
    }

    public override HeldLock? TryLock(string name)
    {
        var file = $"{path}.{name}";
        try
        {
            return new FileLock(new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (File.Exists(file))
        {
            return null;
        }
    }

    public override async Task ListenAsync(Action changed, Action<bool> lost, TimeProvider time, CancellationToken stop)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA data_version";
        var seen = (long)command.ExecuteScalar()!;
        while (true)
        {
            await Task.Delay(Poll, time, stop);
            if ((long)command.ExecuteScalar()! is var version && version != seen)
            {
                seen = version;
                changed();
            }
        }
    }

    public override T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is 5 or 6)
        {
            throw new StoreUnavailableException("Another process has been writing the state database for over 30 s. Try again, or end that process.", exception);
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is 8 or 10 or 11 or 13 or 14 or 23 or 26)
        {
            throw new InvalidOperationException($"{path} cannot be used as the state database ({exception.SqliteErrorCode}). Free the disk and mend its permissions, or restore it from a backup, or move it away and scan again: then plans, proposals and approvals in it are gone.", exception);
        }
    }

    // Not Dapper's, which compiles code for each statement: every start of the program runs these.
    private static void Execute(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>The operating system frees it when its holder dies.</summary>
    private sealed class FileLock(FileStream file) : HeldLock
    {
        public override bool IsHeld() => true;

        public override void Dispose() => file.Dispose();
    }
}
