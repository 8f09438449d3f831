using System.Data.Common;

namespace McpInfra.Storage;

/// <summary>The tables of one feature as an ordered list of steps; steps are only ever appended.</summary>
/// <param name="Name">The feature's name.</param>
/// <param name="Steps">SQL of each version, in order.</param>
public sealed record Schema(string Name, params IReadOnlyList<Step> Steps)
{
    /// <summary>Whether every schema is at its newest version.</summary>
    /// <exception cref="InvalidOperationException">The database was written by a newer version.</exception>
    public static bool AreCurrent(DbConnection connection, IReadOnlyList<Schema> schemas)
    {
        if (Number(connection, Dialect.Of(connection).IsPrepared("schema_version")) == 0)
        {
            return false;
        }

        var versions = Versions(connection);
        return schemas.All(schema => schema.Known(versions) == schema.Steps.Count);
    }

    /// <summary>Brings every schema to its newest version within the connection's transaction.</summary>
    /// <exception cref="InvalidOperationException">The database was written by a newer version.</exception>
    public static void Migrate(DbConnection connection, IReadOnlyList<Schema> schemas)
    {
        var dialect = Dialect.Of(connection);
        dialect.Prepare(connection);
        Execute(connection, dialect.Translate("CREATE TABLE IF NOT EXISTS schema_version (name TEXT PRIMARY KEY, version INTEGER NOT NULL)"));
        var versions = Versions(connection);
        foreach (var schema in schemas)
        {
            var version = schema.Known(versions);
            if (version < schema.Steps.Count)
            {
                schema.Migrate(connection, dialect, version);
            }
        }
    }

    private int Known(Dictionary<string, int> versions)
    {
        var version = versions.GetValueOrDefault(Name);
        return version <= Steps.Count
            ? version
            : throw new InvalidOperationException($"The store was written by a newer mcp-infra ({Name} is at version {version}, this one knows {Steps.Count}). Use that version, or another store.");
    }

    private void Migrate(DbConnection connection, Dialect dialect, int version)
    {
        foreach (var step in Steps.Skip(version))
        {
            Execute(connection, dialect.Translate(step.Sql));
        }

        Execute(
            connection,
            "INSERT INTO schema_version (name, version) VALUES (@name, @version) ON CONFLICT (name) DO UPDATE SET version = excluded.version",
            ("@name", Name),
            ("@version", Steps.Count));
    }

    private static Dictionary<string, int> Versions(DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name, version FROM schema_version";
        using var reader = command.ExecuteReader();
        var versions = new Dictionary<string, int>(StringComparer.Ordinal);
        while (reader.Read())
        {
            versions.Add(reader.GetString(0), (int)reader.GetInt64(1));
        }

        return versions;
    }

    private static long Number(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private static void Execute(DbConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        if (string.IsNullOrWhiteSpace(sql))
        {
            return;
        }

        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        command.ExecuteNonQuery();
    }
}
