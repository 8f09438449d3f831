using System.Data.Common;

namespace McpInfra.Storage;

/// <summary>The tables of one feature as an ordered list of steps; steps are only ever appended.</summary>
/// <param name="Name">The feature's name.</param>
/// <param name="Steps">SQL of each version, in order.</param>
public sealed record Schema(string Name, params IReadOnlyList<string> Steps)
{
    /// <summary>Brings every schema to its newest version within the connection's transaction.</summary>
    /// <exception cref="InvalidOperationException">The database was written by a newer version.</exception>
    public static void Migrate(DbConnection connection, IReadOnlyList<Schema> schemas)
    {
        Execute(connection, "CREATE TABLE IF NOT EXISTS schema_version (name TEXT PRIMARY KEY, version INTEGER NOT NULL)");
        var versions = Versions(connection);
        foreach (var schema in schemas)
        {
            var version = versions.GetValueOrDefault(schema.Name);
            if (version > schema.Steps.Count)
            {
                throw new InvalidOperationException($"The state folder was written by a newer mcp-infra ({schema.Name} is at version {version}, this one knows {schema.Steps.Count}). Use that version, or another state folder.");
            }

            if (version < schema.Steps.Count)
            {
                schema.Migrate(connection, version);
            }
        }
    }

    private void Migrate(DbConnection connection, int version)
    {
        foreach (var step in Steps.Skip(version))
        {
            Execute(connection, step);
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
            versions.Add(reader.GetString(0), reader.GetInt32(1));
        }

        return versions;
    }

    private static void Execute(DbConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
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
