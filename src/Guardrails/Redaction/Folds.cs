using System.Buffers;

namespace McpInfra.Guardrails.Redaction;

/// <summary>Finds where a text may be folded in the middle of something random: at line ends, also escaped, indented, quoted or in comments, and between strings that code joins.</summary>
internal static class Folds
{
    private const int Shortest = 4;
    private const int LongestGap = 120;
    private const int Filled = 40;
    private static readonly SearchValues<char> Ends = SearchValues.Create("\n\"'\\");
    private static readonly SearchValues<char> Letters = SearchValues.Create(Alphabet.Lower + Alphabet.Upper + Alphabet.Digit + "+/=_-.~%");
    private static readonly SearchValues<char> Digits = SearchValues.Create(Alphabet.Digit);

    /// <summary>The first fold from a position on; null when there is none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">Where to look; behind the fold afterwards.</param>
    /// <param name="before">The fold before: behind a long line that is one piece, what follows may be of any kind.</param>
    public static Fold? Next(string text, ref int at, Fold? before)
    {
        while (at < text.Length && text.AsSpan(at).IndexOfAny(Ends) is >= 0 and var hit)
        {
            at += hit;
            if (At(text, at) is { } fold && (fold.Joins || IsLikely(text, fold, before)))
            {
                at = fold.Start;
                return fold;
            }

            at++;
        }

        at = text.Length;
        return null;
    }

    /// <summary>Length of the run of a credential's letters that starts at a position.</summary>
    public static int Run(string text, int at) => text.AsSpan(at).IndexOfAnyExcept(Letters) is >= 0 and var length ? length : text.Length - at;

    // A fold whose gap starts here: letters stand right before and right behind it.
    private static Fold? At(string text, int end)
    {
        if (end == 0 || !Letters.Contains(text[end - 1]) || (text[end] is '"' or '\'' && end + 1 < text.Length && !MayJoin(text[end + 1])))
        {
            return null;
        }

        var stop = Math.Min(text.Length, end + LongestGap);
        var (start, joins) = text[end] is '"' or '\'' || (text[end] == '\\' && end + 1 < stop && text[end + 1] is '"' or '\'') ? (Joined(text, end, stop), true) : Line(text, end, stop);
        return start > end && start < text.Length && Letters.Contains(text[start]) ? new Fold(end, start, joins) : null;
    }

    // Most strings end before a comma, a colon or a bracket.
    private static bool MayJoin(char letter) => letter is ' ' or '\t' or '\r' or '\n' or '+' or '.' or '&' or '|' or '\\' or '~';

    // "a" + "b", 'a' . 'b', "a" \ "b", "a" || "b", over line ends too; of two strings side by side without any of these nobody knows.
    private static int Joined(string text, int at, int stop)
    {
        var open = at;
        at = Quote(text, at);
        var quote = text[at - 1];
        var from = at;
        at = Blank(text, at, stop);
        var sign = at;
        while (at < stop && at - sign < 2 && text[at] is '+' or '.' or '&' or '|' or '\\' or '~')
        {
            at++;
        }

        if ((at == sign && !text.AsSpan(from, at - from).Contains('\n')) || (at > sign && text[sign] == '\\' && !(at < stop && char.IsWhiteSpace(text[at]))))
        {
            return open;
        }

        at = Blank(text, at, stop);
        return at < stop && text[at] is '"' or '\'' or '\\' && Quote(text, at) is var behind && behind <= stop && text[behind - 1] == quote ? behind : open;
    }

    private static int Quote(string text, int at) => text[at] == '\\' && at + 1 < text.Length ? at + 2 : at + 1;

    // A line end, which may be escaped; before it what goes on with the line, behind it an indentation and the sign of a comment or of a quotation.
    private static (int Start, bool Joins) Line(string text, int end, int stop)
    {
        var at = end;
        var joins = text[at] == '\\' && at + 1 < stop && text[at + 1] is '\n' or '\r';
        at += joins ? 1 : 0;
        var line = at;
        while (at < stop && text[at] == '\\')
        {
            at++;
        }

        if (at > line)
        {
            at = at < stop && text[at] is 'n' ? at + 1 : at + 1 < stop && text[at] == 'r' && text[at + 1] == '\\' ? Escaped(text, at + 1, stop) : line;
        }
        else
        {
            at += at < stop && text[at] == '\r' ? 1 : 0;
            at = at < stop && text[at] == '\n' ? at + 1 : line;
        }

        if (at == line)
        {
            return (end, false);
        }

        at = Indented(text, at, stop);
        var sign = at;
        while (at < stop && at - sign < 2 && text[at] is '>' or '#' or '/')
        {
            at++;
        }

        return (at > sign && at < stop && text[at] is ' ' ? Indented(text, at, stop) : sign, joins);
    }

    private static int Escaped(string text, int at, int stop)
    {
        while (at < stop && text[at] == '\\')
        {
            at++;
        }

        return at < stop && text[at] == 'n' ? at + 1 : at;
    }

    private static int Indented(string text, int at, int stop)
    {
        while (at < stop && text[at] is ' ' or '\t')
        {
            at++;
        }

        return at;
    }

    private static int Blank(string text, int at, int stop)
    {
        while (at < stop && (text[at] is ' ' or '\t' or '\r' or '\n' || (text[at] == '\\' && at + 1 < stop && text[at + 1] is 'n')))
        {
            at += text[at] == '\\' ? 2 : 1;
        }

        return at;
    }

    // Both sides look like pieces of something random, and what stands behind begins nothing of its own.
    private static bool IsLikely(string text, Fold fold, Fold? previous)
    {
        var behind = text.AsSpan(fold.Start, Run(text, fold.Start));
        var after = fold.Start + behind.Length;
        var goesOn = previous is { } other && fold.End - other.Start >= Filled && other.Start + Run(text, other.Start) == fold.End && EndsLine(text, after);
        if (!(goesOn || (behind.Length >= Shortest && IsMixed(behind))) || Names(text, behind, after) || SecretScanner.Begins(behind))
        {
            return false;
        }

        if (goesOn)
        {
            return true;
        }

        var start = fold.End;
        while (start > 0 && fold.End - start < LongestGap && Letters.Contains(text[start - 1]))
        {
            start--;
        }

        var before = text.AsSpan(start, fold.End - start);
        return before.Length >= Shortest && (IsMixed(before) || SecretScanner.Begins(before));
    }

    // name=…, name="…, name: …, name(…
    private static bool Names(string text, ReadOnlySpan<char> behind, int after) => behind.TrimEnd('=').Contains('=') || (after < text.Length && text[after] switch
    {
        ':' or '(' or '[' or '{' or '@' or '$' or '<' => true,
        '"' or '\'' => behind[^1] == '=' && after + 1 < text.Length && !(char.IsWhiteSpace(text[after + 1]) || text[after + 1] is ',' or ';' or ')' or ']' or '}'),
        _ => false,
    });

    /// <summary>Whether a line, a string or the text ends at a position.</summary>
    public static bool EndsLine(string text, int at) => at >= text.Length || text[at] is '\n' or '\r' or '"' or '\'' or '`' or '\\' or ',' or '<';

    /// <summary>Whether what stands before a fold, from a position on, ends in something random and not in words alone.</summary>
    public static bool EndsMixed(string text, int start, int end)
    {
        var piece = text.AsSpan(start, end - start);
        piece = piece[(piece.LastIndexOfAny("-_.") + 1)..];
        return piece.Length >= Shortest && IsMixed(piece);
    }

    // A digit and a letter, or letters of both cases in no order of words.
    private static bool IsMixed(ReadOnlySpan<char> piece)
    {
        var (upper, lower) = (0, 0);
        foreach (var letter in piece)
        {
            upper += char.IsAsciiLetterUpper(letter) ? 1 : 0;
            lower += char.IsAsciiLetterLower(letter) ? 1 : 0;
        }

        return piece.ContainsAny(Digits) ? upper + lower > 0 : upper > 2 && lower > 2;
    }
}
