using System.Data.Common;
using McpInfra.Storage;

namespace McpInfra.Graph.Store;

/// <summary>Statements of one connection, each prepared once: a scan runs the same few for every resource.</summary>
internal sealed class Statements(DbConnection connection)
{
    private readonly Dictionary<string, DbCommand> prepared = [];

    /// <summary>The words of the connection's engine.</summary>
    public Dialect Dialect { get; } = Dialect.Of(connection);

    /// <summary>Tells other servers of the transaction, once it is committed.</summary>
    public void Announce() => Dialect.Announce(connection);

    /// <summary>Inserts rows in bulk.</summary>
    public void Insert(string table, IReadOnlyList<string> columns, IReadOnlyCollection<object?[]> rows)
    {
        if (rows.Count > 0)
        {
            Dialect.Insert(connection, table, columns, rows);
        }
    }

    /// <summary>Runs a statement; answers how many rows it changed.</summary>
    public int Execute(string statement, params ReadOnlySpan<(string Name, object? Value)> parameters) => Command(statement, parameters).ExecuteNonQuery();

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
            command.Parameters[at].Value = parameters[at].Value switch { null => DBNull.Value, bool yes => yes ? 1L : 0L, var value => value };
        }

        return command;
    }
}

/// <summary>Columns that may be null.</summary>
internal static class Columns
{
    public static string? TextAt(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static long? NumberAt(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
}
