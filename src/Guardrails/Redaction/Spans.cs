namespace McpInfra.Guardrails.Redaction;

/// <summary>Secrets found so far in one text; overlapping ones become one, named by the more specific.</summary>
internal sealed class Spans
{
    private const int Shortest = 3;
    private List<SecretSpan>? found;

    /// <summary>Adds a span; an empty one is dropped.</summary>
    public void Add(int start, int end, string kind)
    {
        if (end > start)
        {
            (found ??= []).Add(new SecretSpan(start, end, kind));
        }
    }

    /// <summary>Whether a position lies in a span found so far.</summary>
    public bool Cover(int position) => found is not null && found.Exists(span => span.Start <= position && position < span.End);

    /// <summary>What a position lies in, or null.</summary>
    public string? KindAt(int position) => found?.Find(span => span.Start <= position && position < span.End).Kind;

    /// <summary>In order of position, none overlapping another or one of our tokens in the text.</summary>
    public IReadOnlyList<SecretSpan> Merged(string text)
    {
        if (found is null)
        {
            return [];
        }

        // Earlier scans are the more specific, so on a tie the order of finding decides; a stable sort keeps it.
        var merged = new List<SecretSpan>(found.Count);
        foreach (var span in found.OrderBy(span => span.Start).ThenByDescending(span => span.End))
        {
            if (merged.Count > 0 && span.Start < merged[^1].End)
            {
                merged[^1] = merged[^1] with { End = Math.Max(merged[^1].End, span.End) };
            }
            else
            {
                merged.Add(span);
            }
        }

        return text.Contains(SecretTokens.Open, StringComparison.Ordinal) ? [.. merged.SelectMany(span => Beside(span, text))] : merged;
    }

    /// <summary>What of a span lies beside tokens: what is masked already is not masked again.</summary>
    private static IEnumerable<SecretSpan> Beside(SecretSpan span, string text)
    {
        var from = span.Start;
        var at = Math.Max(0, span.Start - SecretTokens.Longest);
        while (at < span.End)
        {
            var length = text[at] == '[' ? SecretTokens.LengthAt(text.AsSpan(at)) : 0;
            if (length > 0 && at + length > span.Start)
            {
                if (at - from >= Shortest)
                {
                    yield return span with { Start = from, End = at };
                }

                from = at + length;
            }

            at += Math.Max(1, length);
        }

        if (span.End - from >= Shortest || from == span.Start)
        {
            yield return span with { Start = from };
        }
    }
}
