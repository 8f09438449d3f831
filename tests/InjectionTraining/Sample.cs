using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace McpInfra.InjectionTraining;

/// <summary>A labelled text.</summary>
/// <param name="Group">Texts of one group are held back together: their source, and for texts that were made, their technique.</param>
/// <param name="From">Where the orders start, in UTF-16 units.</param>
/// <param name="To">Where they end.</param>
/// <param name="Template">What the text was made of; empty for one that was written whole.</param>
/// <param name="Line">The id of the line that several texts carry; empty for one that stands alone.</param>
internal sealed record Sample(string Id, string Text, bool Attack, string Group, string Tier, string Technique, string Obfuscation, int From, int To, string Language = "", string Carrier = "", string Template = "", string Line = "")
{
    /// <summary>What texts that say the same share: what they were made of, or nothing.</summary>
    public string Origin => Template.Length > 0 ? Template : Line.Length > 0 ? Line : Id;

    /// <summary>Whether it is of our own, and made to be hard: of the grammar or of a voice.</summary>
    public bool MadeHard => Template.Length > 0 || Line.Length > 0;

    /// <summary>The corpus of ../shared/corpora and texts of our own: lines (language, tab, attack or benign, tab, text), a grammar and voices.</summary>
    public static IEnumerable<Sample> Read(string corpus, string own, string grammar, string voices) => Corpus(corpus).Concat(Own(own)).Concat(Grammar.Read(grammar)).Concat(Voices.Read(voices));

    private static IEnumerable<Sample> Corpus(string corpus)
    {
        using var lines = new StreamReader(new GZipStream(File.OpenRead(corpus), CompressionMode.Decompress), Encoding.UTF8);
        while (lines.ReadLine() is { } line)
        {
            var row = JsonDocument.Parse(line).RootElement;
            var text = row.GetProperty("text").GetString()!;
            var attack = row.GetProperty("label").GetString() == "attack";
            var span = row.TryGetProperty("attack_span", out var places) && places.ValueKind is JsonValueKind.Array ? (places[0].GetInt32(), places[1].GetInt32()) : (0, 0);
            var technique = Base(row.GetProperty("technique").GetString()!);
            var source = row.GetProperty("source").GetString()!;
            var made = source.StartsWith("authored", StringComparison.Ordinal);
            yield return new Sample(row.GetProperty("id").GetString()!, text, attack, made ? technique : source, row.GetProperty("tier").GetString()!, technique, row.GetProperty("obfuscation").GetString()!,
                Units(text, span.Item1), Units(text, span.Item2), row.GetProperty("lang").GetString()!);
        }
    }

    private static IEnumerable<Sample> Own(string own)
    {
        var number = 0;
        foreach (var line in File.ReadLines(own).Where(line => line.Contains('\t')))
        {
            var cells = line.Split('\t');
            var attack = cells[1] == "attack";
            var text = cells[2].Replace("\\n", "\n", StringComparison.Ordinal);
            yield return new Sample(string.Create(CultureInfo.InvariantCulture, $"own-{number++}"), text, attack, cells[0] is "code" or "prose" ? string.Create(CultureInfo.InvariantCulture, $"own {cells[0]} {number % 5}") : "own " + cells[0], attack ? "own" : "benign", attack ? "own" : "benign_own", "none", 0, text.Length, cells[0] is "code" or "prose" ? "en" : cells[0]);
        }
    }

    private static string Base(string technique)
    {
        foreach (var suffix in (ReadOnlySpan<string>)["_buried", "_split", "_in_long_plan", "_ds", "_dh"])
        {
            technique = technique.EndsWith(suffix, StringComparison.Ordinal) ? technique[..^suffix.Length] : technique;
        }

        return technique;
    }

    // The corpus counts code points.
    private static int Units(string text, int points)
    {
        var at = 0;
        while (points-- > 0 && at < text.Length)
        {
            at += char.IsHighSurrogate(text[at]) && at + 1 < text.Length ? 2 : 1;
        }

        return at;
    }
}
