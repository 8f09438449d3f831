using System.Data.Common;
using System.Text.Json;

namespace McpInfra.Storage.Sqlite;

/// <summary>SQLite's words.</summary>
internal sealed class SqliteDialect : Dialect
{
    public static readonly SqliteDialect Instance = new();

    public override string Either(string sqlite, string postgres) => sqlite;

    public override object List(IReadOnlyCollection<string> texts) => JsonSerializer.Serialize(texts);

    public override void Announce(DbConnection connection)
    {
        // Every commit of another connection moves `data_version`.
    }

    internal override string Translate(string step) => step;

    internal override void Prepare(DbConnection connection)
    {
    }

    internal override string TableExists(string table) => $"SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '{table}'";

    public override void Insert(DbConnection connection, string table, IReadOnlyList<string> columns, IEnumerable<object?[]> rows)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"INSERT INTO {table} ({string.Join(", ", columns)}) VALUES ({string.Join(", ", columns.Select((_, at) => $"@p{at}"))})";
        for (var at = 0; at < columns.Count; at++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = $"@p{at}";
            command.Parameters.Add(parameter);
        }

        foreach (var row in rows)
        {
            for (var at = 0; at < row.Length; at++)
            {
                command.Parameters[at].Value = row[at] ?? DBNull.Value;
            }

            command.ExecuteNonQuery();
        }
    }
}
