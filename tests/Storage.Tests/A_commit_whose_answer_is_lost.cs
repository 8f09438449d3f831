using System.Net;
using System.Net.Sockets;
using Dapper;
using McpInfra.Storage;
using McpInfra.TestKit;
using Npgsql;
using Xunit;

namespace McpInfra.Storage.Tests;

/// <summary>Between program and PostgreSQL stands a relay that cuts a connection at its commit: before the server hears of it, or before we hear of the server.</summary>
public sealed class A_commit_whose_answer_is_lost : IAsyncDisposable
{
    private static readonly Schema Notes = new("notes", "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL)");

    private readonly TestStore store = TestStore.OnPostgres();
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ended = new();
    private readonly Task relaying;
    private volatile Cut next;

    public A_commit_whose_answer_is_lost()
    {
        listener.Start();
        relaying = RelayAsync(new NpgsqlConnectionStringBuilder(store.Place).Port);
    }

    private enum Cut
    {
        Nowhere,
        BeforeIt,
        AfterIt,
        AfterItForGood,
        All,
    }

    private Database Relayed => Database.OpenPostgres(new NpgsqlConnectionStringBuilder(store.Place) { Port = ((IPEndPoint)listener.LocalEndpoint).Port, Timeout = 1 }.ConnectionString, Notes);

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        await relaying;
        listener.Dispose();
        store.Dispose();
        ended.Dispose();
    }

    [Theory]
    [InlineData(Cut.BeforeIt, 2)]
    [InlineData(Cut.AfterIt, 1)]
    public void Is_looked_for_so_that_the_work_is_kept_once(object cut, int runs)
    {
        var database = Relayed;
        var ran = 0;
        next = (Cut)cut;
        var written = database.Write(connection =>
        {
            ran++;
            return connection.ExecuteScalar<string>("INSERT INTO note (text) VALUES ('once') RETURNING text");
        });
        Assert.Equal(("once", runs, 1L), (written, ran, database.Read(connection => connection.ExecuteScalar<long>("SELECT count(*) FROM note"))));
    }

    [Theory]
    [InlineData(Cut.BeforeIt)]
    [InlineData(Cut.AfterIt)]
    public void Of_the_very_first_write_is_looked_for_too(object cut)
    {
        next = (Cut)cut;
        Assert.Equal(0, Relayed.Read(connection => connection.ExecuteScalar<long>("SELECT count(*) FROM note")));
    }

    [Fact]
    public void For_good_is_said_to_be_unknown()
    {
        var database = Relayed;
        next = Cut.AfterItForGood;
        var unknown = Assert.Throws<StoreUnavailableException>(() => database.Write(connection => connection.Execute("INSERT INTO note (text) VALUES ('once')")));
        Assert.Contains("not known whether the last change was kept", unknown.Message, StringComparison.Ordinal);
    }

    private async Task RelayAsync(int port)
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(RelayAsync(await listener.AcceptTcpClientAsync(ended.Token), port));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task RelayAsync(TcpClient near, int port)
    {
        using var far = new TcpClient();
        using (near)
        {
            if (next == Cut.All)
            {
                return;
            }

            try
            {
                await far.ConnectAsync(IPAddress.Loopback, port, ended.Token);
                var commits = new TaskCompletionSource();
                await Task.WhenAny(UpAsync(near.GetStream(), far.GetStream(), commits), DownAsync(far.GetStream(), near.GetStream(), commits.Task));
            }
            catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
            {
                // One side left.
            }
        }
    }

    private async Task UpAsync(NetworkStream from, NetworkStream to, TaskCompletionSource commits)
    {
        var buffer = new byte[64 << 10];
        while (await from.ReadAsync(buffer, ended.Token) is > 0 and var count)
        {
            if (next != Cut.Nowhere && buffer.AsSpan(0, count).EndsWith("COMMIT\0"u8))
            {
                commits.SetResult();
                (var now, next) = (next, next == Cut.AfterItForGood ? Cut.All : Cut.Nowhere);
                if (now == Cut.BeforeIt)
                {
                    return;
                }
            }

            await to.WriteAsync(buffer.AsMemory(0, count), ended.Token);
        }
    }

    private async Task DownAsync(NetworkStream from, NetworkStream to, Task commits)
    {
        var buffer = new byte[64 << 10];
        while (await from.ReadAsync(buffer, ended.Token) is > 0 and var count && !commits.IsCompleted)
        {
            await to.WriteAsync(buffer.AsMemory(0, count), ended.Token);
        }
    }
}
