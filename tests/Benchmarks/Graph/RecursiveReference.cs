using System.Diagnostics;
using McpInfra.Graph;
using McpInfra.TestKit;
using Npgsql;
using NpgsqlTypes;

namespace McpInfra.Benchmarks.Graph;

/// <summary>The same questions as recursive queries of PostgreSQL, over nothing but relations, indexed both ways.</summary>
internal sealed class RecursiveReference : IAsyncDisposable
{
    private readonly Postgres server;
    private readonly NpgsqlConnection connection;

    private RecursiveReference(Postgres server, NpgsqlConnection connection) => (this.server, this.connection) = (server, connection);

    /// <summary>A server with the relations, as used and user.</summary>
    public static async Task<RecursiveReference> StartAsync(IEnumerable<(long From, RelationType Type, long To)> relations, CancellationToken stop)
    {
        var server = await Postgres.StartAsync(stop, logged: false);
        var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={server.Port};Username=owner;Database=postgres;SSL Mode=Disable;Command Timeout=300;Options=-c jit=off -c work_mem=256MB");
        await connection.OpenAsync(stop);
        var reference = new RecursiveReference(server, connection);
        reference.Run("CREATE UNLOGGED TABLE edge (used BIGINT NOT NULL, user_node BIGINT NOT NULL, type SMALLINT NOT NULL)");
        await using (var writer = await connection.BeginBinaryImportAsync("COPY edge (used, user_node, type) FROM STDIN (FORMAT BINARY)", stop))
        {
            foreach (var (from, type, to) in relations)
            {
                await writer.StartRowAsync(stop);
                var forward = Relation.ImpactRunsForward(type);
                await writer.WriteAsync(forward ? from : to, NpgsqlDbType.Bigint, stop);
                await writer.WriteAsync(forward ? to : from, NpgsqlDbType.Bigint, stop);
                await writer.WriteAsync((short)type, NpgsqlDbType.Smallint, stop);
            }

            await writer.CompleteAsync(stop);
        }

        reference.Run("CREATE INDEX edge_used ON edge (used, user_node); CREATE INDEX edge_user ON edge (user_node, used); ANALYZE edge");
        return reference;
    }

    /// <summary>How many resources lie within so many relations on the way of impact, and how long that took.</summary>
    public (long Count, double Microseconds) Impact(long start, int depth)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            WITH RECURSIVE walk (node, distance) AS (
                SELECT $1::bigint, 0
                UNION SELECT e.user_node, w.distance + 1 FROM walk w JOIN edge e ON e.used = w.node WHERE w.distance < $2)
            SELECT count(DISTINCT node) - 1 FROM walk
            """;
        command.Parameters.Add(new NpgsqlParameter { Value = start });
        command.Parameters.Add(new NpgsqlParameter { Value = depth });
        command.Prepare();
        var from = Stopwatch.GetTimestamp();
        var count = (long)command.ExecuteScalar()!;
        return (count, Stopwatch.GetElapsedTime(from).TotalMicroseconds);
    }

    public async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync();
        await server.DisposeAsync();
    }

    private void Run(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
