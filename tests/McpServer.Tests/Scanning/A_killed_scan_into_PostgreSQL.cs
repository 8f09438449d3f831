using System.Diagnostics;
using McpInfra.TestKit;
using Npgsql;
using Xunit;

namespace McpInfra.Host.Tests.Scanning;

/// <summary>The built program's scans into PostgreSQL, killed as by `kill -9` at one of the times that they send it something.</summary>
public sealed class A_killed_scan_into_PostgreSQL
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Leaves_a_graph_that_answers_and_the_next_ends_right_wherever_it_is_killed()
    {
        using var store = TestStore.OnPostgres();
        using var scanned = Into(store.Place);
        Estate.Write(scanned, 0, "first");
        Assert.Equal(0, (await scanned.ScanAsync()).ExitCode);
        Estate.Write(scanned, Estate.Many / 3, "second");
        var killed = 0;
        for (var sent = 25; await IsKilledAsync(scanned, store.Place, sent); sent *= 2)
        {
            killed++;
            var left = Estate.Versions(store, scanned);
            Assert.Equal(left.Total, left.First + left.Second);
            Assert.InRange(left.Total, Estate.Many, Estate.Many + (Estate.Many / 3)); // Nothing goes before a whole listing says so.
        }

        Assert.True(killed >= 2, $"killed {killed} times");
        Assert.Equal((Estate.Many, 0, Estate.Many), Estate.Versions(store, scanned));
    }

    /// <summary>Scans by way of a relay that kills it; answers whether it was killed before it ended.</summary>
    private static async Task<bool> IsKilledAsync(Scanned scanned, string place, int sent)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var relay = new Relay(new NpgsqlConnectionStringBuilder(place).Port, sent, () => started.Task.Result.Kill());
        using var through = Into(new NpgsqlConnectionStringBuilder(place) { Port = relay.Port }.ConnectionString);
        File.Copy(Estate.PathIn(scanned), Estate.PathIn(through));
        using var scan = Process.Start(new ProcessStartInfo(RealClient.Executable, ["scan", "--config", through.Configuration]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        started.SetResult(scan);
        var output = Task.WhenAll(scan.StandardOutput.ReadToEndAsync(), scan.StandardError.ReadToEndAsync());
        await scan.WaitForExitAsync().WaitAsync(Deadline);
        await output;
        return scan.ExitCode != 0;
    }

    private static Scanned Into(string place) => new(Estate.Source, store: $"{{ postgres: \"{place}\" }}");
}
