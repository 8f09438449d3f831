using System.Data.Common;
using System.Net.Sockets;
using Npgsql;

namespace McpInfra.Storage.Postgres;

/// <summary>A PostgreSQL database. Writers of all servers take turns by an advisory lock, as SQLite's do by its file's.</summary>
internal sealed class PostgresEngine : Engine
{
    public const string Form = "\"Host=HOST;Database=DATABASE;Username=USER;SSL Mode=VerifyFull\", with the password in a file that `Passfile=` names, or in PGPASSWORD";

    private const int Oldest = 13;
    private const int MostAttempts = 7; // Six to eleven seconds: as long as a server takes to come back from a crash on a busy disk.

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CommitsKept = TimeSpan.FromDays(1); // Longer than servers' clocks are apart.

    // Where a server listens is told; who connects, and with what, is not.
    private readonly string place;
    private readonly string reading;
    private readonly string writing;

    private PostgresEngine(NpgsqlConnectionStringBuilder settings)
    {
        place = $"PostgreSQL at {settings.Host}:{settings.Port}";
        reading = settings.ConnectionString;
        writing = new NpgsqlConnectionStringBuilder(settings.ConnectionString) { CommandTimeout = Math.Max(settings.CommandTimeout, 900) }.ConnectionString;
    }

    public override Dialect Dialect => PostgresDialect.Instance;

    /// <summary>The engine of a connection string.</summary>
    /// <exception cref="InvalidOperationException">It is none; it is not repeated, for it holds a password.</exception>
    public static PostgresEngine Of(string connectionString) =>
        Read(connectionString) is { } settings ? new PostgresEngine(settings) : throw new InvalidOperationException($"store.postgres is no connection string. Write it as {Form}.");

    /// <summary>What a connection string says, with what is ours added; null when it is none.</summary>
    public static NpgsqlConnectionStringBuilder? Read(string connectionString)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString) { PersistSecurityInfo = false, IncludeErrorDetail = false, LogParameters = false };
            if (string.IsNullOrEmpty(settings.Host))
            {
                return null;
            }

            settings.ApplicationName ??= "mcp-infra";
            settings.Timeout = connectionString.Contains("Timeout", StringComparison.OrdinalIgnoreCase) ? settings.Timeout : 5;
            settings.MaxAutoPrepare = settings.MaxAutoPrepare == 0 ? 100 : settings.MaxAutoPrepare;
            settings.AutoPrepareMinUsages = 2;
            settings.Options ??= "-c jit=off";
            return settings;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or KeyNotFoundException or OverflowException)
        {
            return null; // Without what it says: that may hold a piece of the password.
        }
    }

    public override void Prepare() => Guard(() =>
    {
        using var connection = (NpgsqlConnection)Connect();
        var encoding = (string)Scalar(connection, "SHOW server_encoding")!;
        if (connection.PostgreSqlVersion.Major < Oldest || encoding != "UTF8")
        {
            throw new InvalidOperationException($"The store needs PostgreSQL {Oldest} or newer and a database of encoding UTF8; this one is {connection.PostgreSqlVersion.Major} with {encoding}. Make a database: CREATE DATABASE mcp_infra ENCODING 'UTF8' TEMPLATE template0");
        }

        return true;
    });

    public override DbConnection Connect() => Open(reading);

    public override T Read<T>(Func<DbConnection, T> query)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var connection = Open(reading);
                using var transaction = connection.BeginTransaction(System.Data.IsolationLevel.RepeatableRead);
                return query(connection);
            }
            catch (NpgsqlException exception) when (attempt == 1 && IsLost(exception))
            {
                ClearPool(); // Its other connections are as dead.
            }
        }
    }

    public override T Write<T>(Func<DbConnection, T> work)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return WriteOnce(work);
            }
            catch (NpgsqlException exception) when (attempt < MostAttempts && (IsLost(exception) || IsCollision(exception)))
            {
                ClearPool();
                Thread.Sleep(Pause(attempt));
            }
        }
    }

    public override HeldLock? TryLock(string name)
    {
        var connection = Open(writing);
        try
        {
            if (Scalar(connection, $"SELECT pg_try_advisory_lock({Key(name)})") is true)
            {
                return new SessionLock(connection);
            }
        }
        catch
        {
            connection.Dispose();
            throw;
        }

        connection.Dispose();
        return null;
    }

    public override async Task ListenAsync(Action changed, Action<bool> lost, TimeProvider time, CancellationToken stop)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(reading) { Pooling = false, KeepAlive = 10, MaxAutoPrepare = 0 }.ConnectionString);
                await connection.OpenAsync(stop);
                var schema = (string?)Scalar(connection, "SELECT current_schema()");
                connection.Notification += (_, told) =>
                {
                    if (told.Payload == schema)
                    {
                        changed();
                    }
                };
                Scalar(connection, $"LISTEN {PostgresDialect.Channel}");
                lost(false);
                changed(); // What came while nobody listened.
                attempt = 0;
                while (true)
                {
                    await connection.WaitAsync(stop);
                }
            }
            catch (Exception exception) when (exception is DbException or IOException or SocketException or TimeoutException or InvalidOperationException && !stop.IsCancellationRequested)
            {
                lost(true);
                await Task.Delay(Pause(attempt + 1), time, stop);
            }
        }
    }

    public override T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.LockNotAvailable)
        {
            throw new StoreUnavailableException("Another writer has held the store for over 30 s. Try again.", exception);
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification or PostgresErrorCodes.InvalidCatalogName)
        {
            throw new InvalidOperationException($"{place} refuses us: {exception.SqlState}, the account, its password or the database is not what store.postgres says.");
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.UndefinedFile or PostgresErrorCodes.FeatureNotSupported)
        {
            throw new InvalidOperationException(
                $"The account of store.postgres may not do what is needed ({exception.SqlState}). It needs CREATE on the database and its schema, and the extension pg_trgm: GRANT CREATE ON DATABASE, GRANT CREATE, USAGE ON SCHEMA; CREATE EXTENSION pg_trgm.", exception);
        }
        catch (NpgsqlException exception) when (IsLost(exception))
        {
            throw new StoreUnavailableException($"{place} does not answer. What is asked of it can be tried again when it is back; the graph is read from its snapshot until then.", exception);
        }
    }

    private T WriteOnce<T>(Func<DbConnection, T> work)
    {
        var commit = Guid.CreateVersion7();
        using var connection = Open(writing);
        using var transaction = connection.BeginTransaction();
        TakeTurn(connection);
        var result = work(connection);
        Scalar(connection, $"DELETE FROM {PostgresDialect.Commits} WHERE id < '{Guid.CreateVersion7(DateTimeOffset.UtcNow - CommitsKept)}'; INSERT INTO {PostgresDialect.Commits} VALUES ('{commit}')");
        try
        {
            transaction.Commit();
        }
        catch (NpgsqlException exception) when (IsLost(exception))
        {
            if (!IsKept(commit, exception))
            {
                throw;
            }
        }

        return result;
    }

    /// <summary>Waits until every writer before, a lost connection's too, has committed or not.</summary>
    private static void TakeTurn(NpgsqlConnection connection) =>
        Scalar(connection, $"SET LOCAL lock_timeout = '30s'; SELECT pg_advisory_xact_lock({Key("write")}); SET LOCAL lock_timeout = 0");

    /// <summary>Whether a commit whose answer was lost took place.</summary>
    private bool IsKept(Guid commit, NpgsqlException lost)
    {
        for (var attempt = 1; attempt <= MostAttempts; attempt++)
        {
            ClearPool();
            Thread.Sleep(Pause(attempt));
            try
            {
                using var connection = Open(writing);
                using var transaction = connection.BeginTransaction();
                TakeTurn(connection);
                return Scalar(connection, $"SELECT 1 FROM {PostgresDialect.Commits} WHERE id = '{commit}'") is not null;
            }
            catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.UndefinedTable)
            {
                return false; // It was the first of all.
            }
            catch (NpgsqlException exception) when (IsLost(exception))
            {
                // Not back yet.
            }
        }

        throw new StoreUnavailableException($"{place} was lost while it committed, so it is not known whether the last change was kept. Look before doing it again.", lost);
    }

    // An advisory lock belongs to the database: the schema is part of its key, so that two stores in one database do not wait for each other.
    private static string Key(string name) => $"hashtextextended('mcp-infra {name} ' || current_schema(), 0)";

    private void ClearPool()
    {
        foreach (var connectionString in new[] { reading, writing })
        {
            using var connection = new NpgsqlConnection(connectionString);
            NpgsqlConnection.ClearPool(connection);
        }
    }

    private static NpgsqlConnection Open(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static TimeSpan Pause(int attempt)
    {
        var longest = Math.Min(FirstPause.TotalMilliseconds * Math.Pow(2, Math.Min(attempt, 10)), LongestPause.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(longest * (0.5 + (Random.Shared.NextDouble() / 2)));
    }

    private static bool IsCollision(NpgsqlException exception) => exception is PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };

    private static bool IsLost(NpgsqlException exception) => exception is PostgresException said
        ? said.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections
            || said.SqlState.StartsWith("08", StringComparison.Ordinal)
        : exception.InnerException is IOException or SocketException or TimeoutException or null;

    private static object? Scalar(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    /// <summary>The server frees it when the connection ends.</summary>
    private sealed class SessionLock(NpgsqlConnection connection) : HeldLock
    {
        public override bool IsHeld()
        {
            try
            {
                return Scalar(connection, "SELECT 1") is not null;
            }
            catch (NpgsqlException)
            {
                return false;
            }
        }

        public override void Dispose()
        {
            try
            {
                Scalar(connection, "SELECT pg_advisory_unlock_all()");
            }
            catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
            {
                // The connection is dead, and so is the lock.
            }

            connection.Dispose();
        }
    }
}
