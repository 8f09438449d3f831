using System.Diagnostics;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Host.Tests.Scanning;

/// <summary>The built program's scans, killed as by `kill -9`.</summary>
public sealed class A_killed_scan
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Leaves_a_graph_that_answers_and_the_next_ends_right_wherever_it_is_killed()
    {
        using var scanned = new Scanned(Estate.Source);
        Estate.Write(scanned, 0, "first");
        Assert.Equal(0, (await scanned.ScanAsync()).ExitCode);
        Estate.Write(scanned, Estate.Many / 3, "second");
        var killed = 0;
        for (var writes = 1; await IsKilledAsync(scanned, writes); writes *= 6)
        {
            killed++;
            var left = Versions(scanned);
            Assert.Equal(left.Total, left.First + left.Second);
            Assert.InRange(left.Total, Estate.Many, Estate.Many + (Estate.Many / 3)); // Nothing goes before a whole listing says so.
        }

        Assert.True(killed >= 2, $"killed {killed} times");
        Assert.Equal((Estate.Many, 0, Estate.Many), Versions(scanned));
        using var fresh = new Scanned(Estate.Source);
        Estate.Write(fresh, Estate.Many / 3, "second");
        Assert.Equal(0, (await fresh.ScanAsync()).ExitCode);
        Assert.Equal(Versions(fresh), Versions(scanned));
    }

    [Fact]
    public async Task Two_at_once_take_turns_and_both_end_right()
    {
        using var scanned = new Scanned(Estate.Source);
        Estate.Write(scanned, 0, "first");
        var both = await Task.WhenAll(scanned.ScanAsync(), scanned.ScanAsync());
        Assert.All(both, run => Assert.True(run.ExitCode == 0, run.StandardOutput + run.StandardError));
        Assert.Equal((Estate.Many, Estate.Many, 0), Versions(scanned));
    }

    /// <summary>Scans, and kills the scan at that write to the database's log; answers whether it was killed before it ended.</summary>
    private static async Task<bool> IsKilledAsync(Scanned scanned, int writes)
    {
        using var scan = Process.Start(new ProcessStartInfo(RealClient.Executable, ["scan", "--config", scanned.Configuration]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        using var watcher = new FileSystemWatcher(Path.Combine(scanned.Folder, "state"), "*-wal") { NotifyFilter = NotifyFilters.LastWrite | NotifyFilters.Size };
        var left = writes;
        watcher.Changed += (_, _) =>
        {
            if (Interlocked.Decrement(ref left) == 0)
            {
                scan.Kill();
            }
        };
        watcher.EnableRaisingEvents = true;
        var output = Task.WhenAll(scan.StandardOutput.ReadToEndAsync(), scan.StandardError.ReadToEndAsync());
        await scan.WaitForExitAsync().WaitAsync(Deadline);
        await output;
        return scan.ExitCode != 0;
    }

    /// <summary>Of a folder's SQLite.</summary>
    private static (long Total, long First, long Second) Versions(Scanned scanned)
    {
        using var store = TestStore.OnSqlite(Path.Combine(scanned.Folder, "state"));
        return Estate.Versions(store, scanned);
    }
}
