using System.Diagnostics;
using System.Globalization;
using McpInfra.Guardrails.Injection;
using McpInfra.Guardrails.Redaction;
using McpInfra.Guardrails.Spotlight;

namespace McpInfra.Benchmarks.Detection;

/// <summary>What one core reads of ordinary text in a second, scan by scan, and what each call allocates when it is warm.</summary>
internal static class ThroughputBenchmark
{
    private const int Length = 1 << 16;
    private const int Rounds = 15;
    private static readonly TimeSpan Warm = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(60);

    /// <summary>Prints a table; 0.</summary>
    public static async Task<int> RunAsync(TextWriter output)
    {
        var text = OrdinaryText.Of(Length);
        var model = Model.Shipped;
        var (tokens, scorer) = (new Tokens(model.Vocabulary), new Scorer(model));
        await output.WriteLineAsync("| scan of 64 KB | median | allocated |\n|---|---|---|");
        foreach (var (name, scan) in new (string, Action)[]
        {
            ("what is not seen (`Visible`)", () => Visible.Hides(text)),
            ("live links (`Links`)", () => Links.Defang(text, [])),
            ("words (`Tokens`)", () => tokens.Read(text)),
            ("windows of words (`Scorer`)", () => scorer.Score(text)),
            ("orders, all views (`InjectionFilter`)", () => InjectionFilter.Shipped.Score(text)),
            ("secrets (`SecretScanner`)", () => SecretScanner.Find(text)),
        })
        {
            await output.WriteLineAsync(Measure(name, scan));
        }

        return 0;
    }

    private static string Measure(string name, Action scan)
    {
        for (var begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < Warm;)
        {
            scan();
        }

        var rates = new double[Rounds];
        var (calls, allocated) = (0L, GC.GetAllocatedBytesForCurrentThread());
        foreach (ref var rate in rates.AsSpan())
        {
            var begun = Stopwatch.GetTimestamp();
            var before = calls;
            while (Stopwatch.GetElapsedTime(begun) < Round)
            {
                scan();
                calls++;
            }

            rate = (calls - before) * Length / Stopwatch.GetElapsedTime(begun).TotalMicroseconds;
        }

        allocated = (GC.GetAllocatedBytesForCurrentThread() - allocated) / calls;
        Array.Sort(rates);
        return string.Create(CultureInfo.InvariantCulture, $"| {name} | {rates[Rounds / 2]:0} MB/s | {allocated} B |");
    }
}
