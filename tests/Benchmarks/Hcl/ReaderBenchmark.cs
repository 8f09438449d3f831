using System.Diagnostics;
using System.Globalization;
using System.Text;
using McpInfra.Graph.Hcl;
using McpInfra.TestKit;

namespace McpInfra.Benchmarks.Hcl;

/// <summary>How fast code is read: files as people write them, one large file of them, and the same in lines of comments.</summary>
internal static class ReaderBenchmark
{
    private const int Large = 2 << 20;
    private static readonly TimeSpan Each = TimeSpan.FromSeconds(4);

    /// <summary>Prints a table; 0.</summary>
    public static async Task<int> RunAsync(TextWriter output)
    {
        var files = new[] { "samples", Path.Combine("tests", "RealCloud", "Estate") }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.tf", SearchOption.AllDirectories))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Contains("bin")).Select(File.ReadAllBytes).ToList();
        await output.WriteLineAsync("| files | bytes | median MB/s | bytes allocated a byte |\n|---|---|---|---|");
        await output.WriteLineAsync(Measure($"{files.Count} of this project's own", files));
        await output.WriteLineAsync(Measure("one of 2 MB", [Repeated(string.Join('\n', files.Select(Encoding.UTF8.GetString)))]));
        await output.WriteLineAsync(Measure("one of 2 MB, comments", [Repeated("# A line that explains what nobody asked, as long as such lines are.\n")]));
        return 0;
    }

    private static string Measure(string name, IReadOnlyList<byte[]> files)
    {
        var bytes = files.Sum(file => (long)file.Length);
        var rounds = new List<double>();
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < Each;)
        {
            var round = Stopwatch.GetTimestamp();
            foreach (var file in files)
            {
                if (HclReader.Read("main.tf", file).Fault is { } fault)
                {
                    throw new InvalidDataException($"A file of the benchmark cannot be read: {fault}");
                }
            }

            rounds.Add(bytes / 1e6 / Stopwatch.GetElapsedTime(round).TotalSeconds);
        }

        rounds.Sort();
        return string.Create(CultureInfo.InvariantCulture, $"| {name} | {bytes:N0} | {rounds[rounds.Count / 2]:F0} | {(GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)(bytes * rounds.Count):F0} |");
    }

    private static byte[] Repeated(string text) => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(text + "\n", Large / (text.Length + 1))));
}
