using System.Diagnostics;
using System.Text.Json;
using McpInfra.Graph;
using McpInfra.Graph.Queries;
using McpInfra.Storage;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Host.Tests.Scanning;

/// <summary>The built program's scans, killed as by `kill -9`.</summary>
public sealed class A_killed_scan
{
    private const int Many = 1500;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Leaves_a_graph_that_answers_and_the_next_ends_right_wherever_it_is_killed()
    {
        using var scanned = new Scanned("sources: [ { name: state, kind: terraform-state, path: ./estate.tfstate } ]");
        Write(scanned, 0, Many, "first");
        Assert.Equal(0, (await scanned.ScanAsync()).ExitCode);
        Write(scanned, Many / 3, Many, "second");
        var killed = 0;
        for (var writes = 1; await IsKilledAsync(scanned, writes); writes *= 6)
        {
            killed++;
            var left = Versions(scanned);
            Assert.Equal(left.Total, left.First + left.Second);
            Assert.InRange(left.Total, Many, Many + (Many / 3)); // Nothing goes before a whole listing says so.
        }

        Assert.True(killed >= 2, $"killed {killed} times");
        Assert.Equal((Many, 0, Many), Versions(scanned));
        using var fresh = new Scanned("sources: [ { name: state, kind: terraform-state, path: ./estate.tfstate } ]");
        Write(fresh, Many / 3, Many, "second");
        Assert.Equal(0, (await fresh.ScanAsync()).ExitCode);
        Assert.Equal(Versions(fresh), Versions(scanned));
    }

    [Fact]
    public async Task Two_at_once_take_turns_and_both_end_right()
    {
        using var scanned = new Scanned("sources: [ { name: state, kind: terraform-state, path: ./estate.tfstate } ]");
        Write(scanned, 0, Many, "first");
        var both = await Task.WhenAll(scanned.ScanAsync(), scanned.ScanAsync());
        Assert.All(both, run => Assert.True(run.ExitCode == 0, run.StandardOutput + run.StandardError));
        Assert.Equal((Many, Many, 0), Versions(scanned));
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

    private static void Write(Scanned scanned, int from, int count, string version) => File.WriteAllText(Path.Combine(scanned.Folder, "estate.tfstate"), JsonSerializer.Serialize(new
    {
        version = 4, terraform_version = "1.11.4", serial = 7, lineage = "3f6b", outputs = new { },
        resources = Enumerable.Range(from, count).Select(number => new
        {
            mode = "managed", type = "aws_sqs_queue", name = $"q{number}", provider = "provider[\"registry.terraform.io/hashicorp/aws\"]",
            instances = new[]
            {
                new
                {
                    schema_version = 0, sensitive_attributes = Array.Empty<string>(),
                    attributes = new { id = $"https://sqs/{number}", arn = $"arn:aws:sqs:us-east-1:123456789012:q{number}", name = $"q{number}", tags = new { version } },
                },
            },
        }),
    }));

    /// <summary>Queues in all and of each version, as whoever opens the folder now sees them.</summary>
    private static (long Total, long First, long Second) Versions(Scanned scanned)
    {
        var state = Path.Combine(scanned.Folder, "state");
        var graph = new Graphs(Database.OpenSqlite(Path.Combine(state, "state.db"), GraphSchema.Schema), Path.Combine(state, "snapshots"), TimeProvider.System).For("acme");
        var totals = new[] { null, "version=first", "version=second" }.Select(tag => graph.Search(new SearchQuery { Type = "AWS::SQS::Queue", Tag = tag }).Total).ToList();
        return (totals[0], totals[1], totals[2]);
    }
}
