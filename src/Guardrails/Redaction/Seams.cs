namespace McpInfra.Guardrails.Redaction;

/// <summary>Finds secrets that show only where one part of an answer is read after another: a key's header and its body, a name and its value.</summary>
/// <param name="tokens">The organisation's tokens.</param>
internal sealed class Seams(SecretTokens tokens)
{
    // So much of both sides is read; twice as much each time that a secret goes on beyond it.
    private const int Near = 256;

    /// <summary>The answer with such secrets masked, on both sides; the same instance when there are none.</summary>
    public Answer Masked(Answer answer)
    {
        Part[]? parts = null;
        for (var index = 0; index + 1 < answer.Parts.Count; index++)
        {
            var (first, second) = ((parts ?? answer.Parts)[index], answer.Parts[index + 1]);
            if (Found(first.Text, second.Text, out var start) is { Count: > 0 } found)
            {
                parts ??= [.. answer.Parts];
                var seam = first.Text.Length - start;
                parts[index] = first with { Text = first.Text[..start] + Masked(first.Text[start..], 0, found) };
                parts[index + 1] = second with { Text = Masked(second.Text, seam + 1, found) };
            }
        }

        return parts is null ? answer : answer with { Parts = parts };
    }

    // What stands in the end of one text, a line end and the beginning of the other.
    private static IReadOnlyList<SecretSpan> Found(string first, string second, out int start)
    {
        for (var near = Near; ; near *= 2)
        {
            start = Math.Max(0, first.Length - near);
            var text = string.Concat(first.AsSpan(start), "\n", second.AsSpan(0, Math.Min(near, second.Length)));
            var found = SecretScanner.Find(text);
            if (found.Count == 0 || near >= second.Length || found[^1].End < text.Length)
            {
                return found;
            }
        }
    }

    // The text, which begins at a position of what was read, with what of each span lies in it masked.
    private string Masked(string text, int begins, IReadOnlyList<SecretSpan> found)
    {
        foreach (var span in found.Reverse())
        {
            var (from, to) = (Math.Max(0, span.Start - begins), Math.Min(text.Length, span.End - begins));
            if (from < to)
            {
                text = string.Concat(text.AsSpan(0, from), tokens.Token(span.Kind, text[from..to]), text.AsSpan(to));
            }
        }

        return text;
    }
}
