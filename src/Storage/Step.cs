namespace McpInfra.Storage;

/// <summary>
/// One step of a schema: SQL in SQLite's words, which are translated for PostgreSQL (`INTEGER`, `BLOB`, `INTEGER PRIMARY KEY`, `WITHOUT ROWID`; text compares by bytes unless `COLLATE NOCASE`).
/// A line that ends in `-- SQLite only` is left out there; the rest of one that begins with `-- PostgreSQL only:` runs there alone.
/// </summary>
/// <param name="Sql">The statements.</param>
public sealed record Step(string Sql)
{
    /// <summary>A step.</summary>
    public static implicit operator Step(string sql) => new(sql);
}
