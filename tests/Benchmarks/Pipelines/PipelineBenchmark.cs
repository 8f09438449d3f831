using System.Diagnostics;
using System.Globalization;
using McpInfra.Guardrails.Audit;

namespace McpInfra.Benchmarks.Pipelines;

/// <summary>
/// What the pipeline adds to an observe call with a 4 KB answer, in process: bare and governed calls taken in turns, for the machine is noisy,
/// once the runtime has compiled what is hot.
/// </summary>
internal static class PipelineBenchmark
{
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(6);

    /// <summary>Prints a table; 0.</summary>
    public static async Task<int> RunAsync(TextWriter output)
    {
        await output.WriteLineAsync("| begin | calls | bare median | governed median | added median | added p99 |\n|---|---|---|---|---|---|");
        foreach (var (name, settings, calls) in new[] { ("at the operating system", new AuditSettings(), 20_000), ("on disk", new AuditSettings(DurableAll: true), 1000) })
        {
            await using var governed = new Governed(settings);
            await output.WriteLineAsync(await MeasureAsync(name, governed, calls));
        }

        return 0;
    }

    private static async Task<string> MeasureAsync(string name, Governed governed, int calls)
    {
        var (bare, through) = (new List<double>(calls), new List<double>(calls));
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < Warm)
        {
            await governed.BareAsync();
            await governed.GovernedAsync();
        }

        started = Stopwatch.GetTimestamp();
        while (bare.Count < calls && (bare.Count < 100 || Stopwatch.GetElapsedTime(started) < Most))
        {
            bare.Add(await TimeAsync(governed.BareAsync));
            through.Add(await TimeAsync(governed.GovernedAsync));
        }

        bare.Sort();
        through.Sort();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {bare.Count} | {At(bare, 0.5):0.0} µs | {At(through, 0.5):0.0} µs | {At(through, 0.5) - At(bare, 0.5):0.0} µs | {At(through, 0.99) - At(bare, 0.99):0.0} µs |");
    }

    private static async ValueTask<double> TimeAsync(Func<ValueTask> call)
    {
        var started = Stopwatch.GetTimestamp();
        await call();
        return Stopwatch.GetElapsedTime(started).TotalMicroseconds;
    }

    private static double At(List<double> sorted, double share) => sorted[(int)((sorted.Count - 1) * share)];
}
