using System.Data.Common;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace McpInfra.Storage.Sqlite;

/// <summary>SQLite's words.</summary>
internal sealed class SqliteDialect : Dialect
{
    public static readonly SqliteDialect Instance = new();

    public override string Either(string sqlite, string postgres) => sqlite;

    public override object List(IReadOnlyCollection<string> texts) => JsonSerializer.Serialize(texts);

    public override object List(IReadOnlyCollection<long> numbers) => JsonSerializer.Serialize(numbers);

    public override void Announce(DbConnection connection)
    {
        // Every commit of another connection moves `data_version`.
    }

    public override void Count(DbConnection connection, IReadOnlyList<string> tables)
    {
        // Its planner is told which index leads.
    }

    internal override string Translate(string step) => step;

    internal override void Prepare(DbConnection connection)
    {
    }

    internal override string IsPrepared(string table) => $"SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '{table}'";

    /// <summary>By SQLite's own calls: a command of ADO.NET takes longer for a row than SQLite does.</summary>
    public override void Insert(DbConnection connection, string table, IReadOnlyList<string> columns, IEnumerable<object?[]> rows)
    {
        var database = ((SqliteConnection)connection).Handle!;
        var sql = $"INSERT INTO {table} ({string.Join(", ", columns)}) VALUES ({string.Join(", ", columns.Select(_ => "?"))})";
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(database, sql, out var statement), database);
        using (statement)
        {
            foreach (var row in rows)
            {
                for (var at = 0; at < row.Length; at++)
                {
                    SqliteException.ThrowExceptionForRC(Bind(statement, at + 1, row[at]), database);
                }

                var result = raw.sqlite3_step(statement);
                if (result != raw.SQLITE_DONE)
                {
                    SqliteException.ThrowExceptionForRC(result, database);
                }

                raw.sqlite3_reset(statement);
            }
        }
    }

    private static int Bind(sqlite3_stmt statement, int at, object? value) => value switch
    {
        null => raw.sqlite3_bind_null(statement, at),
        string text => Bind(statement, at, text),
        Utf8Text text => raw.sqlite3_bind_text(statement, at, text.Bytes.Span),
        long number => raw.sqlite3_bind_int64(statement, at, number),
        byte[] bytes => raw.sqlite3_bind_blob(statement, at, bytes),
        _ => throw new ArgumentException($"Rows hold text, whole numbers as long, and bytes, not {value.GetType().Name}.", nameof(value)),
    };

    private static int Bind(sqlite3_stmt statement, int at, string text)
    {
        Span<byte> letters = stackalloc byte[1024];
        return text.Length > 0 && Encoding.UTF8.TryGetBytes(text, letters, out var length)
            ? raw.sqlite3_bind_text(statement, at, letters[..length])
            : raw.sqlite3_bind_text(statement, at, text); // Which tells an empty text from none.
    }
}
