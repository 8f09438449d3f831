using System.Text;

namespace McpInfra.Guardrails.Redaction;

/// <summary>Finds secrets that are split over lines, or over strings that code joins: the lines around folds are read again without them. Each line once.</summary>
internal static class FoldScan
{
    // So much is read before the first fold of several and behind the last.
    private const int Around = 512;

    // A line that is filled goes on in the next one; in a shorter one a secret that is whole by itself ends.
    private const int FilledLine = 60;

    public static void Run(string text, Spans spans, int layer)
    {
        var at = 0;
        var next = Folds.Next(text, ref at, before: null);
        while (next is { } first)
        {
            var folds = new List<Fold> { first };
            while ((next = Folds.Next(text, ref at, before: folds[^1])) is { } fold && fold.End - folds[^1].Start <= Around && !text.AsSpan(folds[^1].Start, fold.End - folds[^1].Start).Contains('\n'))
            {
                folds.Add(fold);
            }

            Look(text, folds, spans, layer);
        }
    }

    private static void Look(string text, List<Fold> folds, Spans spans, int layer)
    {
        var from = Start(text, folds[0].End);
        var joined = new StringBuilder();
        var begins = from;
        var seams = new int[folds.Count];
        foreach (var (number, fold) in folds.Index())
        {
            seams[number] = joined.Append(text, begins, fold.End - begins).Length;
            begins = fold.Start;
        }

        joined.Append(text, begins, End(text, begins) - begins);
        foreach (var span in SecretScanner.Unfolded(joined.ToString(), layer))
        {
            Take(text, span, from, folds, seams, spans, layer);
        }
    }

    // What of the span goes over folds that may be in the middle of a secret.
    private static void Take(string text, SecretSpan span, int from, List<Fold> folds, int[] seams, Spans spans, int layer)
    {
        var (crossed, shift, start, end) = (false, from, -1, 0);
        for (var number = 0; number <= seams.Length; number++)
        {
            var seam = number < seams.Length ? seams[number] : int.MaxValue;
            start = start < 0 && span.Start < seam ? span.Start + shift : start;
            if (span.End <= seam)
            {
                end = span.End + shift;
                break;
            }

            if (span.Start < seam && !MayCross(text, start, folds[number], span.Kind, spans, layer))
            {
                end = folds[number].End;
                break;
            }

            crossed |= span.Start < seam;
            shift += folds[number].Start - folds[number].End;
        }

        if (crossed)
        {
            spans.Add(start, end, span.Kind);
        }
    }

    private static bool MayCross(string text, int start, Fold fold, string kind, Spans spans, int layer)
    {
        if (fold.Joins || kind is "encoded" or "private-key")
        {
            return true;
        }

        // One of its own; or a name that only looks like the prefix of what follows it.
        if (spans.Cover(fold.Start) || (kind == PrefixedScan.Kind && !Folds.EndsMixed(text, start, fold.End)))
        {
            return false;
        }

        var behind = Folds.Run(text, fold.Start);
        var line = fold.End - Start(text, fold.End);
        return !spans.Cover(fold.End - 1) || (Formats.Kinds.Contains(kind) && SecretScanner.Unfolded(text[start..fold.End], layer).All(span => span.Kind != kind)) || (Folds.EndsLine(text, fold.Start + behind) && (line >= FilledLine || IsRandom(text.AsSpan(fold.Start, behind))));
    }

    private static bool IsRandom(ReadOnlySpan<char> piece) =>
        SecretValues.LooksRandom(piece) && piece.ContainsAnyInRange('A', 'Z') && piece.ContainsAnyInRange('a', 'z') && piece.ContainsAnyInRange('0', '9');

    // Of the line, which may end escaped.
    private static int Start(string text, int at)
    {
        var before = Math.Max(0, at - Around);
        var line = text.AsSpan(before, at - before);
        return before + Math.Max(line.LastIndexOf('\n') + 1, line.LastIndexOf("\\n") + 2 is > 1 and var escaped ? escaped : 0);
    }

    private static int End(string text, int at)
    {
        var most = Math.Min(text.Length, at + Around);
        return text.AsSpan(at, most - at).IndexOf('\n') is >= 0 and var line ? at + line : most;
    }
}
