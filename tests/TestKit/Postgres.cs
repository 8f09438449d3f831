using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using CliWrap;
using CliWrap.Buffered;

namespace McpInfra.TestKit;

/// <summary>A PostgreSQL of the test's own, on a loopback port and in a folder that go with it. Its server refuses to run as root, so there it runs as the account `postgres`.</summary>
public sealed class Postgres : IAsyncDisposable
{
    private readonly string folder;
    private readonly bool logged;
    private Process? server;

    private Postgres(string folder, int port, bool logged) => (this.folder, Port, this.logged) = (folder, port, logged);

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
        var running = new Postgres(folder, FreePort(), logged);
        try
        {
            await running.RunAsync(postgres, stop);
            return running;
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills it, as a power cut does.</summary>
    public async Task KillAsync()
    {
        if (server is { } running)
        {
            server = null;
            running.Kill(entireProcessTree: true);
            await running.WaitForExitAsync(CancellationToken.None);
            running.Dispose();
        }
    }

    /// <summary>Starts it again after <see cref="KillAsync"/>, on the same port.</summary>
    public async Task StartAgainAsync(CancellationToken stop)
    {
        File.Delete(Path.Combine(folder, "data", "postmaster.pid"));
        await RunAsync(Skip.UnlessFound("postgres"), stop);
    }

    private async Task RunAsync(string postgres, CancellationToken stop)
    {
        ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (program, first) = As(postgres);
        server = Process.Start(new ProcessStartInfo(program, [.. first, "-D", Path.Combine(folder, "data"), "-p", $"{Port}", "-k", folder, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", $"log_statement={(logged ? "all" : "none")}", "-c", "max_connections=300", "-c", "max_locks_per_transaction=256"])
        {
            RedirectStandardError = true,
        })!;
        var heard = ready;
        server.ErrorDataReceived += (_, line) => Heard(line.Data, heard);
        server.BeginErrorReadLine();
        await ready.Task.WaitAsync(TimeSpan.FromSeconds(60), stop);
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
        await KillAsync();
        Directory.Delete(folder, recursive: true);
    }

    private readonly List<string> statements = [];
    private TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Heard(string? line, TaskCompletionSource ready)
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
