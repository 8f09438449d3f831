using System.Globalization;
using McpInfra.Guardrails.Credentials;
using Npgsql;

namespace McpInfra.Tools.Plans.State.Backends;

/// <summary>A row of the table `states` in PostgreSQL, read in a session that can only read. The connection comes from the operator, and code never names the host.</summary>
public sealed class PostgresBackend : IStateBackend
{
    private const string DefaultSchema = "terraform_remote_state";
    private const string NoTable = "42P01";

    /// <inheritdoc/>
    public IReadOnlyList<string> Kinds { get; } = ["pg"];

    /// <inheritdoc/>
    public string Identity(BackendPlace place) => $"pg {Schema(place)} {place.Workspace}";

    /// <inheritdoc/>
    public async Task<StateFound> ReadAsync(BackendPlace place, StateAccess access, CancellationToken stop)
    {
        _ = place.Trusted("secret_env", "its connection");
        var address = PostgresAddress.Parse((await access.SecretAsync(stop)).Reveal(), access.Limits);
        using var total = CancellationTokenSource.CreateLinkedTokenSource(stop);
        total.CancelAfter(access.Limits.Time);
        try
        {
            await using var connection = new NpgsqlConnection(address);
            await connection.OpenAsync(total.Token);
            return await ReadAsync(connection, Schema(place), place.Workspace, access.Limits, total.Token);
        }
        catch (PostgresException exception) when (exception.SqlState == NoTable)
        {
            return StateFound.None; // Nothing was ever saved there.
        }
        catch (PostgresException exception)
        {
            throw new StateException($"PostgreSQL refused to show the stack's state (SQLSTATE {exception.SqlState}). Let the connection's user SELECT from the backend's table `states`; it needs no more.", exception);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException || (exception is OperationCanceledException && !stop.IsCancellationRequested))
        {
            throw new StateException("The stack's backend in PostgreSQL does not answer. Check its connection and the network, and plan again.", exception);
        }
    }

    private static async Task<StateFound> ReadAsync(NpgsqlConnection connection, string schema, string workspace, StateLimits limits, CancellationToken stop)
    {
        var table = $"\"{schema.Replace("\"", "\"\"", StringComparison.Ordinal)}\".states";
        var (id, size) = (0L, 0L);
        await using (var sizes = new NpgsqlCommand($"SELECT id, octet_length(data) FROM {table} WHERE name = $1", connection) { Parameters = { new() { Value = workspace } } })
        await using (var row = await sizes.ExecuteReaderAsync(stop))
        {
            if (!await row.ReadAsync(stop))
            {
                return StateFound.None;
            }

            (id, size) = (Convert.ToInt64(row.GetValue(0), CultureInfo.InvariantCulture), row.IsDBNull(1) ? 0 : row.GetInt32(1));
        }

        if (size == 0 || size > limits.Bytes)
        {
            return size == 0 ? StateFound.None : throw limits.TooLarge;
        }

        await using var read = new NpgsqlCommand($"SELECT convert_to(data, 'UTF8') FROM {table} WHERE id = $1 AND octet_length(data) <= $2", connection) { Parameters = { new() { Value = id }, new() { Value = limits.Bytes } } };
        var bytes = await read.ExecuteScalarAsync(stop) as byte[] ?? throw new StateException("The stack's state changed while it was read. Plan again.");

        // The engine holds an advisory lock whose key is the row's id.
        await using var locks = new NpgsqlCommand(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND ((classid::bigint << 32) | objid::bigint) = $1",
            connection)
        { Parameters = { new() { Value = id } } };
        return new StateFound(bytes, (long)(await locks.ExecuteScalarAsync(stop))! > 0);
    }

    private static string Schema(BackendPlace place) => place.Text("schema_name") is { } schema
        ? place.Plain("schema_name", schema, letter => !char.IsControl(letter), most: 63)
        : DefaultSchema;
}
