using System.Diagnostics;
using System.Globalization;

namespace McpInfra.Benchmarks.Graph;

/// <summary>How long each of many runs took.</summary>
internal sealed class Timings
{
    private readonly double[] microseconds;

    private Timings(double[] microseconds) => this.microseconds = microseconds;

    public double Median => At(0.5);

    public double Of99 => At(0.99);

    /// <summary>Runs a tenth unmeasured, then all.</summary>
    public static Timings Of(int runs, Action<int> run)
    {
        for (var at = 0; at < Math.Max(1, runs / 10); at++)
        {
            run(at);
        }

        var taken = new double[runs];
        for (var at = 0; at < runs; at++)
        {
            var start = Stopwatch.GetTimestamp();
            run(at);
            taken[at] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }

        Array.Sort(taken);
        return new Timings(taken);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"median {Unit(Median)}, p99 {Unit(Of99)} ({microseconds.Length} runs)");

    public static string Unit(double microseconds) => microseconds >= 1e6
        ? string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1e6:F1} s")
        : microseconds >= 1000 ? string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1000:F2} ms") : string.Create(CultureInfo.InvariantCulture, $"{microseconds:F1} µs");

    private double At(double share) => microseconds[Math.Min(microseconds.Length - 1, (int)(share * microseconds.Length))];
}
