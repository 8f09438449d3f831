using System.Diagnostics;
using System.Globalization;

namespace McpInfra.Benchmarks.Stdio;

/// <summary>From starting the process to its first answer: a published `mcp-infra serve` and a published bare server, alone and in the generic host, in turns.</summary>
internal static class StartupBenchmark
{
    private const int Rounds = 15;

    /// <summary>Prints a table; 0.</summary>
    public static async Task<int> RunAsync(string server, string bare, TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("mcp-infra-benchmark-");
        try
        {
            Started[] programs =
            [
                new("bare server", bare, [], "search_resources", """{"text":"x"}"""),
                new("bare server in the generic host", bare, ["hosted"], "search_resources", """{"text":"x"}"""),
                new("mcp-infra", server, ["serve"], "explain_access", """{"operation":"plan_change"}"""),
            ];
            for (var round = 0; round <= Rounds; round++)
            {
                foreach (var program in programs)
                {
                    var time = await TimeAsync(program, folder.FullName);
                    if (round > 0) // The first makes the state folder and fills the page cache.
                    {
                        program.Times.Add(time);
                    }
                }
            }

            var ours = programs[^1].Median;
            await output.WriteLineAsync($"| program | median of {Rounds} starts | mcp-infra over it |\n|---|---|---|");
            foreach (var program in programs)
            {
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"| {program.Name} | {program.Median:0} ms | {ours / program.Median:0.00} |"));
            }

            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<double> TimeAsync(Started program, string folder)
    {
        var started = Stopwatch.GetTimestamp();
        await using var client = new LineClient(Path.GetFullPath(program.Path), program.Arguments, folder);
        await client.CallAsync(program.Tool, program.Given, calls: 1, atOnce: 1);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private sealed record Started(string Name, string Path, IReadOnlyList<string> Arguments, string Tool, string Given)
    {
        public List<double> Times { get; } = [];

        public double Median => Times.Order().ElementAt(Times.Count / 2);
    }
}
