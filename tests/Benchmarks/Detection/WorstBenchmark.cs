using System.Diagnostics;
using System.Globalization;
using System.Text;
using McpInfra.Benchmarks.Pipelines;
using McpInfra.Guardrails;
using McpInfra.TestKit;

namespace McpInfra.Benchmarks.Detection;

/// <summary>The whole output side over a megabyte of hostile text, as time for each byte of UTF-8 against ordinary text of the same size.</summary>
internal static class WorstBenchmark
{
    private const int Megabyte = 1 << 20;
    private const int PieceLength = 1 << 16;
    private const int Shown = 12;
    private const double MostRatio = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Prints every named text with its ratio; 1 when one is over twice the nominal time.</summary>
    public static async Task<int> NamedAsync(TextWriter output)
    {
        await using var governed = new Governed(new());
        await WarmAsync(governed);
        var nominal = await MeasureAsync(governed, OrdinaryText.Of(Megabyte), rounds: 5);
        await output.WriteLineAsync($"nominal: {nominal:0.0} ns a byte\n\n| text of 1 MB | ns a byte | of nominal |\n|---|---|---|");
        var worst = 0.0;
        foreach (var (name, text) in HostileTexts.Of(Megabyte))
        {
            var taken = await MeasureAsync(governed, text, rounds: 3);
            worst = Math.Max(worst, taken / nominal);
            var where = await WhereAsync(taken / nominal, governed, text);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"| {name} | {taken:0.0} | {taken / nominal:0.00} |{where}"));
        }

        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"\nworst: {worst:0.00} of nominal"));
        return worst > MostRatio ? 1 : 0;
    }

    /// <summary>Every piece that some scan looks for, in turn with every other, in 64 KB: prints the worst; 1 when one is over twice the nominal time.</summary>
    public static async Task<int> PairsAsync(TextWriter output)
    {
        await using var governed = new Governed(new());
        await WarmAsync(governed);
        var nominal = await MeasureAsync(governed, OrdinaryText.Of(PieceLength), rounds: 20);
        var found = new List<(double Ratio, string Pair)>();
        foreach (var first in HostileTexts.Pieces)
        {
            foreach (var second in HostileTexts.Pieces)
            {
                var text = HostileTexts.Repeat(first + second, PieceLength);
                var ratio = await MeasureAsync(governed, text, rounds: 1) / nominal;
                found.Add((ratio > MostRatio ? await MeasureAsync(governed, text, rounds: 4) / nominal : ratio, first + second));
            }
        }

        found.Sort((one, other) => other.Ratio.CompareTo(one.Ratio));
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"nominal: {nominal:0.0} ns a byte; {found.Count} pairs, {found.Count(pair => pair.Ratio > MostRatio)} over twice it\n\n| 64 KB of | of nominal |\n|---|---|"));
        foreach (var (ratio, pair) in found.Take(Shown))
        {
            var where = await WhereAsync(ratio, governed, HostileTexts.Repeat(pair, PieceLength));
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"| `{System.Text.Json.JsonSerializer.Serialize(pair)}` | {ratio:0.00} |{where}"));
        }

        return found[0].Ratio > MostRatio ? 1 : 0;
    }

    // What each guard takes of it, when it is too much.
    private static async Task<string> WhereAsync(double ratio, Governed governed, string text)
    {
        if (ratio <= MostRatio)
        {
            return "";
        }

        var answer = new Answer([new Part(Trust.Tenant, text)]);
        var parts = new StringBuilder();
        foreach (var guard in governed.Output)
        {
            var started = Stopwatch.GetTimestamp();
            answer = await guard.CleanAsync(answer, governed.Call, CancellationToken.None);
            parts.Append(CultureInfo.InvariantCulture, $" {guard.Name} {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0.0} ms");
        }

        return parts.ToString();
    }

    private static async Task WarmAsync(Governed governed)
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < Patience)
        {
            await MeasureAsync(governed, OrdinaryText.Of(PieceLength), rounds: 1);
            await MeasureAsync(governed, HostileTexts.Repeat("password: \"ａ\u200b字", PieceLength), rounds: 1);
        }
    }

    // The least of some rounds, in nanoseconds for each byte of UTF-8.
    private static async Task<double> MeasureAsync(Governed governed, string text, int rounds)
    {
        var least = double.MaxValue;
        var begun = Stopwatch.GetTimestamp();
        for (var round = 0; round < rounds && (round == 0 || Stopwatch.GetElapsedTime(begun) < Patience); round++)
        {
            var answer = new Answer([new Part(Trust.Tenant, text)]);
            var started = Stopwatch.GetTimestamp();
            foreach (var guard in governed.Output)
            {
                answer = await guard.CleanAsync(answer, governed.Call, CancellationToken.None);
            }

            least = Math.Min(least, Stopwatch.GetElapsedTime(started).TotalNanoseconds);
        }

        return least / Encoding.UTF8.GetByteCount(text);
    }
}
