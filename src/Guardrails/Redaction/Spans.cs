using System.Collections;

namespace McpInfra.Guardrails.Redaction;

/// <summary>Secrets found so far in one text; overlapping ones become one, named by the more specific. Used again for the next text.</summary>
internal sealed class Spans
{
    private const int Shortest = 3;
    [ThreadStatic]
    private static Spans? idle;
    private string text = "";
    private List<SecretSpan>? found;
    private BitArray? covered;
    private BitArray? links;

    /// <summary>None yet, of a text.</summary>
    public static Spans Of(string text)
    {
        var spans = idle ?? new Spans();
        idle = null;
        spans.text = text;
        return spans;
    }

    /// <summary>Adds a span; an empty one is dropped.</summary>
    public void Add(int start, int end, string kind)
    {
        if (end <= start)
        {
            return;
        }

        (found ??= []).Add(new SecretSpan(start, end, kind));
        covered ??= new BitArray(text.Length);
        for (var at = start; at < end; at++)
        {
            covered[at] = true;
        }
    }

    /// <summary>Adds the password of a link, which ends where it ends whatever names it.</summary>
    public void AddOfLink(int start, int end)
    {
        Add(start, end, "url-password");
        (links ??= new BitArray(text.Length))[start] = true;
    }

    /// <summary>Whether a position lies in a span found so far.</summary>
    public bool Cover(int position) => covered is not null && position < text.Length && covered[position];

    /// <summary>Whether the password of a link starts at a position.</summary>
    public bool StartsLink(int position) => links is not null && position < text.Length && links[position];

    /// <summary>In order of position, none overlapping another or one of our tokens in the text. The last that is asked of it.</summary>
    public IReadOnlyList<SecretSpan> Finish()
    {
        var merged = found is null ? [] : Merged(found);
        (text, found, covered, links) = ("", null, null, null);
        idle = this;
        return merged;
    }

    private IReadOnlyList<SecretSpan> Merged(List<SecretSpan> found)
    {

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

        return text.Contains(SecretTokens.Open, StringComparison.Ordinal) ? [.. merged.SelectMany(span => Beside(span))] : merged;
    }

    /// <summary>What of a span lies beside tokens: what is masked already is not masked again.</summary>
    private IEnumerable<SecretSpan> Beside(SecretSpan span)
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
