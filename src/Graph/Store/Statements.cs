using System.Data.Common;
using McpInfra.Storage;

namespace McpInfra.Graph.Store;

/// <summary>
/// Statements of one connection, each prepared once: a scan runs the same few for every resource. Those whose answer nobody needs are sent many at once where each would be a way
/// to a server and back; <see cref="Finish"/> sends the last.
/// </summary>
internal sealed class Statements(DbConnection connection)
{
    private const int MostSent = 500;

    private readonly Dictionary<string, DbCommand> prepared = [];
    private DbBatch? sending;

    /// <summary>The words of the connection's engine.</summary>
    public Dialect Dialect { get; } = Dialect.Of(connection);

    /// <summary>Tells other servers of the transaction, once it is committed.</summary>
    public void Announce() => Dialect.Announce(connection);

    /// <summary>Inserts rows in bulk.</summary>
    public void Insert(string table, IReadOnlyList<string> columns, IEnumerable<object?[]> rows)
    {
        Finish();
        Dialect.Insert(connection, table, columns, rows);
    }

    /// <summary>Runs one statement, at the latest before the next that is asked for an answer.</summary>
    public void Send(string statement, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!connection.CanCreateBatch)
        {
            Command(statement, parameters).ExecuteNonQuery();
            return;
        }

        sending ??= connection.CreateBatch();
        var one = sending.CreateBatchCommand();
        one.CommandText = statement;
        foreach (var (name, value) in parameters)
        {
            var parameter = one.CreateParameter();
            (parameter.ParameterName, parameter.Value) = ("@" + name, Stored(value));
            one.Parameters.Add(parameter);
        }

        sending.BatchCommands.Add(one);
        if (sending.BatchCommands.Count == MostSent)
        {
            Finish();
        }
    }

    /// <summary>Runs what was sent and did not run yet.</summary>
    public void Finish()
    {
        if (sending is { BatchCommands.Count: > 0 })
        {
            sending.ExecuteNonQuery();
            sending.BatchCommands.Clear();
        }
    }

    /// <summary>Runs a statement; answers how many rows it changed.</summary>
    public int Execute(string statement, params ReadOnlySpan<(string Name, object? Value)> parameters) => Command(statement, parameters).ExecuteNonQuery();

    /// <summary>Reads every row of a query.</summary>
    public void Each(string query, Action<DbDataReader> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var reader = Command(query, parameters).ExecuteReader();
        while (reader.Read())
        {
            read(reader);
        }
    }

    /// <summary>All rows of a query.</summary>
    public List<T> List<T>(string query, Func<DbDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var reader = Command(query, parameters).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>The first row of a query, or null.</summary>
    public T? First<T>(string query, Func<DbDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
        where T : class
    {
        using var reader = Command(query, parameters).ExecuteReader();
        return reader.Read() ? read(reader) : null;
    }

    /// <summary>The number in the first row's first column, or null.</summary>
    public long? Number(string query, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var reader = Command(query, parameters).ExecuteReader();
        return reader.Read() ? reader.NumberAt(0) : null;
    }

    private DbCommand Command(string statement, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        Finish();
        if (!prepared.TryGetValue(statement, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = statement;
            foreach (var (name, _) in parameters)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = "@" + name;
                command.Parameters.Add(parameter);
            }

            prepared.Add(statement, command);
        }

        for (var at = 0; at < parameters.Length; at++)
        {
            command.Parameters[at].Value = Stored(parameters[at].Value);
        }

        return command;
    }

    private static object Stored(object? value) => value switch { null => DBNull.Value, bool yes => yes ? 1L : 0L, _ => value };
}

/// <summary>Columns that may be null.</summary>
internal static class Columns
{
    public static string? TextAt(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static long? NumberAt(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
}
