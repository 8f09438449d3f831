using System.Buffers;

namespace McpInfra.Guardrails.Injection;

/// <summary>Words that stand together without blanks (IgnoreAllPreviousInstructions), and words that tags (Ig&lt;b&gt;no&lt;/b&gt;re) or code ("Ign" + "ore") cut.</summary>
internal static class WordsTogether
{
    /// <summary>Letters of the shortest run that may be several words.</summary>
    public const int Shortest = 24;

    private const int Fewest = 4;
    private const int LongestTag = 80;
    private const string Blanks = " \n";
    private static readonly SearchValues<char> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Reads the long runs of letters with a blank before each capital; false when there is none with several.</summary>
    public static bool Apart(ReadOnlySpan<char> text, View view)
    {
        view.Name = "words together";
        var at = 0;
        while (at < text.Length && view.Length < View.Most && text[at..].IndexOfAny(Letters) is >= 0 and var hit)
        {
            at += hit;
            var length = text[at..].IndexOfAnyExcept(Letters);
            length = length < 0 ? text.Length - at : length;
            if (length >= Shortest && Capitals(text.Slice(at, length)) >= Fewest)
            {
                for (var place = at; place < at + length; place++)
                {
                    if (char.IsAsciiLetterUpper(text[place]))
                    {
                        view.Add(' ', place, place);
                    }

                    view.Add(text[place], place, place + 1);
                }

                view.Add(' ', at + length, at + length);
            }

            at += length;
        }

        return view.Length > 0;
    }

    /// <summary>Reads the text without tags; false when few of them stand between two letters.</summary>
    public static bool Untagged(ReadOnlySpan<char> text, View view)
    {
        view.Name = "without tags";
        var (at, from, count) = (0, 0, 0);
        while (at < text.Length && view.Length < View.Most && text[at..].IndexOf('<') is >= 0 and var hit)
        {
            at += hit;
            var open = at;
            while (Tag(text[at..]) is > 0 and var length)
            {
                at += length;
            }

            if (at == open)
            {
                at++;
                continue;
            }

            view.Add(text[from..open], from);
            from = at;
            count += open > 0 && at < text.Length && char.IsLetter(text[open - 1]) && char.IsLetter(text[at]) ? 1 : 0;
        }

        view.Add(text[from..], from);
        return count >= Fewest;
    }

    /// <summary>Reads the text with its strings joined where code adds them up; false when there are few.</summary>
    public static bool Added(ReadOnlySpan<char> text, View view)
    {
        view.Name = "strings joined";
        var (at, from, count) = (0, 0, 0);
        while (at < text.Length && view.Length < View.Most && text[at..].IndexOf('+') is >= 0 and var hit)
        {
            at += hit;
            var before = text[from..at].TrimEnd(Blanks);
            var after = at + 1 + text[(at + 1)..].IndexOfAnyExcept(Blanks);
            after += after > at && text[after] == '\\' ? 1 : 0;
            if (before is [.., '"' or '\''] && after > at && after < text.Length && text[after] is '"' or '\'')
            {
                view.Add(before[..^(before is [.., '\\', _] ? 2 : 1)], from);
                from = after + 1;
                count++;
            }

            at = Math.Max(at + 1, from);
        }

        view.Add(count > 0 ? text[from..] : default, from);
        return count >= Fewest - 1;
    }

    // Behind a small letter: what is written in capitals alone is one word.
    private static int Capitals(ReadOnlySpan<char> run)
    {
        var count = 0;
        for (var at = 1; at < run.Length; at++)
        {
            count += char.IsAsciiLetterUpper(run[at]) && char.IsAsciiLetterLower(run[at - 1]) ? 1 : 0;
        }

        return count;
    }

    // The length of the tag that the text starts with; 0 for none.
    private static int Tag(ReadOnlySpan<char> text)
    {
        if (text.Length < 3 || text[0] != '<' || !(char.IsAsciiLetter(text[1]) || text[1] is '/' or '!'))
        {
            return 0;
        }

        var end = text[1..Math.Min(text.Length, LongestTag)].IndexOfAny('<', '>');
        return end > 0 && text[end + 1] == '>' ? end + 2 : 0;
    }
}
