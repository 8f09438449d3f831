using System.Data.Common;
using McpInfra.Storage.Postgres;
using McpInfra.Storage.Sqlite;
using Npgsql;

namespace McpInfra.Storage;

/// <summary>
/// What SQLite and PostgreSQL write in different words. Queries keep to what both take: `COLLATE NOCASE`, `instr`, `IS [NOT] DISTINCT FROM`, `rowid`, `RETURNING`,
/// `ON CONFLICT (columns) DO UPDATE` with the table's name before its own columns, `count(*) FILTER (WHERE …)`, and whole numbers for yes (1) and no (0).
/// </summary>
public abstract class Dialect
{
    /// <summary>The dialect of a connection.</summary>
    public static Dialect Of(DbConnection connection) => connection is NpgsqlConnection ? PostgresDialect.Instance : SqliteDialect.Instance;

    /// <summary>One of two texts, by engine.</summary>
    public abstract string Either(string sqlite, string postgres);

    /// <summary>Which index leads: SQLite's planner has to be told, PostgreSQL's knows.</summary>
    public string IndexedBy(string index) => Either($"INDEXED BY {index}", "");

    /// <summary>That a value is one of the list in the parameter, as Dapper hands it over.</summary>
    public string In(string parameter) => Either($"IN {parameter}", $"= ANY ({parameter})");

    /// <summary>That a value is one of a long list, which <see cref="List(IReadOnlyCollection{string})"/> hands over in one parameter.</summary>
    public string InList(string parameter) => Either($"IN (SELECT value FROM json_each({parameter}))", $"= ANY ({parameter})");

    /// <summary>The members of a column's JSON object of texts, as a table of `key` and `value`.</summary>
    public string EachText(string column) => Either($"json_each({column})", $"json_each_text({column}::json)");

    /// <summary>A long list as the value of one parameter.</summary>
    public abstract object List(IReadOnlyCollection<string> texts);

    /// <inheritdoc cref="List(IReadOnlyCollection{string})"/>
    public abstract object List(IReadOnlyCollection<long> numbers);

    /// <summary>Inserts rows of text as string or <see cref="Utf8Text"/>, whole numbers as long, bytes and nulls in bulk, the fastest way there is.</summary>
    public abstract void Insert(DbConnection connection, string table, IReadOnlyList<string> columns, IEnumerable<object?[]> rows);

    /// <summary>Counts what tables hold after much was written, where queries are planned by it and it would be counted late.</summary>
    public abstract void Count(DbConnection connection, IReadOnlyList<string> tables);

    /// <summary>Tells every <see cref="ChangeNotice"/>, of any server, that the transaction changed the graph, once it is committed.</summary>
    public abstract void Announce(DbConnection connection);

    /// <summary>A step of a schema in the engine's words.</summary>
    internal abstract string Translate(string step);

    /// <summary>Runs what has to be there before any schema.</summary>
    internal abstract void Prepare(DbConnection connection);

    /// <summary>A query whose one row counts (0 or 1) whether a table, and what <see cref="Prepare"/> makes, is there.</summary>
    internal abstract string IsPrepared(string table);
}
