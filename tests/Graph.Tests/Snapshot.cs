using Dapper;
using McpInfra.TestKit;

namespace McpInfra.Graph.Tests;

/// <summary>What the graph's tables hold, for before and after.</summary>
internal static class Snapshot
{
    private static readonly string[] Tables = ["graph_resource", "graph_document", "graph_contribution", "graph_alias", "graph_text", "graph_relation", "graph_managed", "graph_finding", "graph_finding_link", "graph_finding_ended_link", "graph_finding_event", "graph_page", "graph_passage", "graph_entity", "graph_catalog_owner", "graph_cost", "graph_change", "graph_version"];

    /// <summary>All rows of all tables but those of freshness.</summary>
    public static string Of(GraphFixture fixture)
    {
        using var connection = fixture.Database.Read();
        return string.Join('\n', Tables.SelectMany(table => connection.Query($"SELECT * FROM {table}")
            .Select(row => table + " " + string.Join('|', ((IDictionary<string, object?>)row).Values.Select(value => value is byte[] bytes ? Convert.ToHexString(bytes) : value?.ToString())))
            .Order(StringComparer.Ordinal)));
    }

    /// <summary>The bytes of the database and its log.</summary>
    public static byte[] WholeFile(GraphFixture fixture)
    {
        if (TestStore.IsPostgres)
        {
            return System.Text.Encoding.UTF8.GetBytes(Of(fixture));
        }

        using (var connection = fixture.Database.Read())
        {
            connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }

        using var file = new FileStream(Path.Combine(fixture.Folder, "graph.db"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>Counts row writes of the graph's tables from now on.</summary>
    public static void CountWrites(GraphFixture fixture) => fixture.Database.Write(connection =>
    {
        connection.Execute("CREATE TABLE written (what TEXT)");
        if (TestStore.IsPostgres)
        {
            connection.Execute("CREATE FUNCTION count_written() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO written VALUES (TG_OP || ' ' || TG_TABLE_NAME); RETURN NULL; END $$");
        }

        foreach (var table in Tables)
        {
            foreach (var (verb, name) in new[] { ("INSERT", "i"), ("UPDATE", "u"), ("DELETE", "d") })
            {
                connection.Execute(TestStore.IsPostgres
                    ? $"CREATE TRIGGER written_{table}_{name} AFTER {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION count_written()"
                    : $"CREATE TRIGGER written_{table}_{name} AFTER {verb} ON {table} BEGIN INSERT INTO written VALUES ('{verb} {table}'); END");
            }
        }
    });

    public static IReadOnlyList<string> Writes(GraphFixture fixture)
    {
        using var connection = fixture.Database.Read();
        return [.. connection.Query<string>("SELECT what FROM written")];
    }
}
