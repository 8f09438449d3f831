using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using CliWrap;
using CliWrap.Buffered;

namespace McpInfra.TestKit;

/// <summary>A PostgreSQL of the test's own, on a loopback port and in a folder that go with it. Its server refuses to run as root, so there it runs as the account `postgres`.</summary>
public sealed class Postgres : IAsyncDisposable
{
    private readonly Process server;
    private readonly string folder;

    private Postgres(Process server, string folder, int port) => (this.server, this.folder, Port) = (server, folder, port);

    /// <summary>Its port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>A connection of its owner.</summary>
    public string Address => $"postgres://owner@127.0.0.1:{Port}/postgres?sslmode=disable";

    /// <summary>A fresh one, which tells its statements if it is logged; skips the test where PostgreSQL is not installed.</summary>
    public static async Task<Postgres> StartAsync(CancellationToken stop, bool logged = true)
    {
        var (initdb, postgres) = (Skip.UnlessFound("initdb"), Skip.UnlessFound("postgres"));
        var folder = Directory.CreateTempSubdirectory("mcp-infra-postgres-").FullName;
        if (Environment.UserName == "root")
        {
            await RunAsync(Skip.UnlessFound("chown"), ["postgres", folder], stop);
        }

        var data = Path.Combine(folder, "data");
        var (program, first) = As(initdb);
        await RunAsync(program, [.. first, "--pgdata", data, "--auth", "trust", "--username", "owner", "--no-sync", "--encoding", "UTF8", "--locale", "C"], stop);
        var port = FreePort();
        (program, first) = As(postgres);
        var started = Process.Start(new ProcessStartInfo(program, [.. first, "-D", data, "-p", $"{port}", "-k", folder, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", $"log_statement={(logged ? "all" : "none")}", "-c", "max_connections=300", "-c", "max_locks_per_transaction=256"])
        {
            RedirectStandardError = true,
        })!;
        var running = new Postgres(started, folder, port);
        started.ErrorDataReceived += (_, line) => running.Heard(line.Data);
        started.BeginErrorReadLine();
        try
        {
            await running.ready.Task.WaitAsync(TimeSpan.FromSeconds(60), stop);
            return running;
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }

    /// <summary>Statements that it was given since it was last asked, in order.</summary>
    public IReadOnlyList<string> Statements()
    {
        lock (statements)
        {
            var said = statements.ToList();
            statements.Clear();
            return said;
        }
    }

    /// <summary>Ends the server.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!server.HasExited)
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync(CancellationToken.None);
        }

        server.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private readonly List<string> statements = [];
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Heard(string? line)
    {
        if (line is null)
        {
            ready.TrySetException(new InvalidOperationException("postgres ended before it listened"));
        }
        else if (line.Contains("ready to accept connections", StringComparison.Ordinal))
        {
            ready.TrySetResult();
        }
        else if (line.Split(["statement: ", "execute "], 2, StringSplitOptions.None) is [_, var said])
        {
            lock (statements)
            {
                statements.Add(said);
            }
        }
    }

    private static (string Program, string[] First) As(string program) =>
        Environment.UserName == "root" ? (Skip.UnlessFound("setpriv"), ["--reuid", "postgres", "--regid", "postgres", "--clear-groups", "--", program]) : (program, []);

    private static async Task RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken stop) =>
        await Cli.Wrap(program).WithArguments(arguments).ExecuteBufferedAsync(stop);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
