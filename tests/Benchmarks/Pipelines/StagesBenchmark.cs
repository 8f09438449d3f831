using System.Diagnostics;
using System.Globalization;
using McpInfra.Guardrails;

namespace McpInfra.Benchmarks.Pipelines;

/// <summary>What each cleaning of an answer takes, and a text of ten times the size beside it: where the pipeline's time goes.</summary>
internal static class StagesBenchmark
{
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(8);

    /// <summary>Prints a table; 0.</summary>
    public static async Task<int> RunAsync(TextWriter output)
    {
        await output.WriteLineAsync("| stage | 4 KB median | 4 KB p99 | 64 KB median | 64 KB p99 |\n|---|---|---|---|---|");
        await using var governed = new Governed(new());
        var rows = new SortedDictionary<int, (string Name, List<double>[] Times)>();
        foreach (var (column, answer) in new[] { Governed.Listing(4000), Governed.Listing(64_000) }.Index())
        {
            var started = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(started) is var elapsed && elapsed < Most)
            {
                await CleanAsync(governed, answer, column, elapsed < Warm ? [] : rows);
            }
        }

        foreach (var (name, times) in rows.Values)
        {
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"| {name} | {At(times[0], 0.5)} | {At(times[0], 0.99)} | {At(times[1], 0.5)} | {At(times[1], 0.99)} |"));
        }

        return 0;
    }

    private static async ValueTask CleanAsync(Governed governed, Answer answer, int column, SortedDictionary<int, (string Name, List<double>[] Times)> rows)
    {
        var begun = Stopwatch.GetTimestamp();
        foreach (var (index, guard) in governed.Output.Index())
        {
            var started = Stopwatch.GetTimestamp();
            answer = await guard.CleanAsync(answer, governed.Call, CancellationToken.None);
            Note(index, guard.Name, Stopwatch.GetElapsedTime(started));
        }

        Note(governed.Output.Count, "together", Stopwatch.GetElapsedTime(begun));

        void Note(int row, string name, TimeSpan time)
        {
            rows.TryAdd(row, (name, [[], []]));
            rows[row].Times[column].Add(time.TotalMicroseconds);
        }
    }

    private static string At(List<double> times, double share) =>
        string.Create(CultureInfo.InvariantCulture, $"{times.Order().ElementAt((int)((times.Count - 1) * share)):0.0} µs");
}
