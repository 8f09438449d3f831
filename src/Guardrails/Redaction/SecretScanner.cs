using System.Buffers;
using McpInfra.Guardrails.Spotlight;

namespace McpInfra.Guardrails.Redaction;

/// <summary>Finds secrets in a text: by format first, by structure, by the name of what holds them, and inside base64 last. Linear in the text.</summary>
public static class SecretScanner
{
    private static readonly Beginnings Marks = new(Formats.Prefixes.Concat(ShapeScan.Marks), CommandScan.Marks);

    // Of a few letters and digits alone is what base64 begins with by chance.
    private static readonly Beginnings Sure = new(Formats.Prefixes.Where(prefix => prefix.Length > 3 || !prefix.All(char.IsAsciiLetterOrDigit)).Append("-----BEGIN"));

    // Base64 within base64 within base64 is followed; deeper is not.
    private const int MostLayers = 3;

    // So few letters without a digit or a sign are a word, as most arguments and names of fields are.
    private const int LongestWord = 15;
    private static readonly SearchValues<char> Letters = SearchValues.Create(Alphabet.Lower + Alphabet.Upper);

    /// <summary>The secrets of a text in order; invisible characters inside one do not hide it.</summary>
    public static IReadOnlyList<SecretSpan> Find(string text)
    {
        if (text.Length < 4 || (text.Length <= LongestWord && !text.AsSpan().ContainsAnyExcept(Letters)))
        {
            return [];
        }

        if (!Visible.Hides(text))
        {
            return Find(text, 0);
        }

        var view = Visible.Of(text, out var origins);
        return [.. Find(view, 0).Select(span => new SecretSpan(origins[span.Start], origins[span.End - 1] + 1, span.Kind))];
    }

    /// <summary>The secrets of a text that stands in so many layers of encoding.</summary>
    internal static IReadOnlyList<SecretSpan> Find(string text, int layer)
    {
        var spans = Read(text, layer);
        FoldScan.Run(text, spans, layer);
        return spans.Finish();
    }

    /// <summary>The same of a text without folds.</summary>
    internal static IReadOnlyList<SecretSpan> Unfolded(string text, int layer) => Read(text, layer).Finish();

    /// <summary>Whether a text starts with what credentials start with and nothing else does.</summary>
    internal static bool Begins(ReadOnlySpan<char> text) => Sure.Stand(text);

    private static Spans Read(string text, int layer)
    {
        var spans = Spans.Of(text);
        var commands = Marked(text, spans);
        UrlScan.Run(text, spans);
        CommandScan.Run(text, commands, spans);
        KubernetesSecret.Run(text, spans);
        CallScan.Run(text, spans);
        PairScan.Run(text, spans);
        NameScan.Run(text, spans);
        PrefixedScan.Run(text, spans);
        if (layer < MostLayers)
        {
            EncodedScan.Run(text, spans, layer);
        }

        return spans;
    }

    /// <summary>Adds what formats and shapes tell; answers where commands stand.</summary>
    private static IReadOnlyList<int> Marked(string text, Spans spans)
    {
        List<int>? commands = null;
        Span<int> free = stackalloc int[128];
        Span<int> runs = stackalloc int[Alphabet.Count];
        free.Clear();
        runs.Clear();
        var formats = new FormatScan(text, spans, free, runs);
        var shapes = 0;
        for (var at = Marks.Next(text, 0); at < text.Length; at = Marks.Next(text, at + 1))
        {
            if (Marks.StandInAnyCase(text.AsSpan(at)))
            {
                (commands ??= []).Add(at);
            }

            if (!Marks.StandAsWritten(text.AsSpan(at)))
            {
                continue;
            }

            formats.At(at);
            if (at >= shapes)
            {
                shapes = ShapeScan.At(text, at, spans);
            }
        }

        return commands ?? (IReadOnlyList<int>)[];
    }
}
