using System.Data.Common;
using Dapper;

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
        connection.Execute("CREATE TABLE IF NOT EXISTS schema_version (name TEXT PRIMARY KEY, version INTEGER NOT NULL)");
        foreach (var schema in schemas)
        {
            var version = connection.ExecuteScalar<int?>("SELECT version FROM schema_version WHERE name = @Name", new { schema.Name }) ?? 0;
            if (version > schema.Steps.Count)
            {
                throw new InvalidOperationException($"The state folder was written by a newer mcp-infra ({schema.Name} is at version {version}, this one knows {schema.Steps.Count}). Use that version, or another state folder.");
            }

            foreach (var step in schema.Steps.Skip(version))
            {
                connection.Execute(step);
            }

            connection.Execute(
                "INSERT INTO schema_version (name, version) VALUES (@Name, @Version) ON CONFLICT (name) DO UPDATE SET version = excluded.version",
                new { schema.Name, Version = schema.Steps.Count });
        }
    }
}
