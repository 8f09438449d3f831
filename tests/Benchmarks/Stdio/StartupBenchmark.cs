using System.Diagnostics;
using System.Globalization;

namespace McpInfra.Benchmarks.Stdio;

/// <summary>From starting the process to its first answer: a published `mcp-infra serve` and a published bare server in turns.</summary>
internal static class StartupBenchmark
{
    private const int Rounds = 15;

    /// <summary>Prints a table; 0.</summary>
    public static async Task<int> RunAsync(string server, string bare, TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("mcp-infra-benchmark-");
        try
        {
            var (bareTimes, serverTimes) = (new List<double>(), new List<double>());
            for (var round = 0; round <= Rounds; round++)
            {
                var bareTime = await TimeAsync(bare, [], "search_resources", """{"text":"x"}""", folder.FullName);
                var serverTime = await TimeAsync(server, ["serve"], "explain_access", """{"operation":"plan_change"}""", folder.FullName);
                if (round > 0) // The first makes the state folder and fills the page cache.
                {
                    bareTimes.Add(bareTime);
                    serverTimes.Add(serverTime);
                }
            }

            var (first, second) = (bareTimes.Order().ElementAt(Rounds / 2), serverTimes.Order().ElementAt(Rounds / 2));
            await output.WriteLineAsync("| starts | bare median | mcp-infra median | ratio |\n|---|---|---|---|");
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"| {Rounds} | {first:0} ms | {second:0} ms | {second / first:0.00} |"));
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<double> TimeAsync(string program, IReadOnlyList<string> arguments, string tool, string given, string folder)
    {
        var started = Stopwatch.GetTimestamp();
        await using var client = new LineClient(Path.GetFullPath(program), arguments, folder);
        await client.CallAsync(tool, given, calls: 1, atOnce: 1);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }
}
