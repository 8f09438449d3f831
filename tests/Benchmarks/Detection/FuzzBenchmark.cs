using System.Diagnostics;
using System.Globalization;
using System.Text;
using McpInfra.Guardrails.Injection;
using McpInfra.Guardrails.Redaction;
using McpInfra.Guardrails.Spotlight;
using McpInfra.TestKit;

namespace McpInfra.Benchmarks.Detection;

/// <summary>Every decoder and view over texts made by seed of what they look for, cut and changed at random: none may fault, and every place must lie in the text.</summary>
internal static class FuzzBenchmark
{
    private const int MostPieces = 40;
    private const int Changes = 4;

    /// <summary>Runs so many texts through all of them and prints how often each ran and found something; 1 when one broke its promise.</summary>
    public static async Task<int> RunAsync(int seed, int count, TextWriter output)
    {
        var ran = new SortedDictionary<string, (long Runs, long Found)>(StringComparer.Ordinal);
        var redactor = new Redactor(new SecretTokens(new byte[32]));
        var (random, view, begun) = (new Random(seed), new View(), Stopwatch.GetTimestamp());
        for (var number = 0; number < count; number++)
        {
            var text = Made(random);
            if (Broken(text, view, redactor, ran) is { } promise)
            {
                await output.WriteLineAsync($"seed {seed}, text {number}: {promise}: {System.Text.Json.JsonSerializer.Serialize(text)}");
                return 1;
            }
        }

        await output.WriteLineAsync("| decoder | executions | found something |\n|---|---|---|");
        foreach (var (name, (runs, found)) in ran)
        {
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"| {name} | {runs:N0} | {found:N0} |"));
        }

        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"\n{ran.Values.Sum(each => each.Runs):N0} executions over {count:N0} texts, seed {seed}, {Stopwatch.GetElapsedTime(begun).TotalSeconds:0} s; no fault"));
        return 0;
    }

    private static string? Broken(string text, View view, Redactor redactor, SortedDictionary<string, (long Runs, long Found)> ran)
    {
        var seen = Visible.Of(text, out var origins);
        Note("characters that are not seen", seen.Length != text.Length);
        if (origins.Length != seen.Length || origins.Any(origin => origin < 0 || origin >= text.Length) || Visible.Of(seen) != seen)
        {
            return "what is seen leads back, and stays";
        }

        for (var way = 0; way < Views.Count; way++)
        {
            var read = Views.Read(way, text, (Turn)uint.MaxValue, view.Empty(mapped: true));
            Note(view.Name, read);
            if (read && !Within(text, view))
            {
                return view.Name;
            }
        }

        var at = 0;
        while (SpelledOut.Next(text, ref at, view.Empty(mapped: true)))
        {
            Note("numbers", true);
            if (!Within(text, view))
            {
                return "numbers";
            }
        }

        Note("numbers", false);
        Note("variation selectors", Unseen.Selectors(text, view.Empty(mapped: true)));
        var spent = 0;
        at = 0;
        while (Encodings.Next(text, ref at, ref spent, view.Empty(mapped: true)))
        {
            Note("encodings", true);
            if (!Within(text, view))
            {
                return view.Name;
            }
        }

        Note("encodings", false);
        var masked = redactor.Text(text);
        Note("secrets", !ReferenceEquals(masked, text));
        Note("orders", InjectionFilter.Shipped.Explain(text) is { Count: > 0 } spans && spans.All(span => span.Start >= 0 && span.Start + span.Length <= text.Length));
        return null;

        void Note(string name, bool found)
        {
            var (runs, finds) = ran.GetValueOrDefault(name);
            ran[name] = (runs + 1, finds + (found ? 1 : 0));
        }
    }

    private static bool Within(string text, View view)
    {
        var (start, end) = view.Place(0, view.Length);
        return view.Length == 0 || (start >= 0 && end <= text.Length && start <= end);
    }

    private static string Made(Random random)
    {
        var text = new StringBuilder();
        for (var pieces = random.Next(1, MostPieces); pieces > 0; pieces--)
        {
            var piece = HostileTexts.Pieces[random.Next(HostileTexts.Pieces.Count)];
            text.Append(random.Next(8) switch
            {
                0 => Convert.ToBase64String(Encoding.UTF8.GetBytes(text + piece))[..^random.Next(3)],
                1 => Convert.ToHexString(Encoding.UTF8.GetBytes(piece + text)),
                2 => string.Join(' ', Encoding.UTF8.GetBytes(piece).Select(value => value.ToString("x2", CultureInfo.InvariantCulture))),
                3 => string.Concat(Enumerable.Repeat(piece, random.Next(1, 30))),
                _ => piece,
            });
            if (text.Length > 4000)
            {
                break;
            }
        }

        for (var change = random.Next(Changes); change > 0 && text.Length > 0; change--)
        {
            text[random.Next(text.Length)] = (char)random.Next(random.Next(2) == 0 ? 0x80 : 0x10000);
        }

        return text.ToString();
    }
}
