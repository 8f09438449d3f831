using System.Buffers;

namespace McpInfra.Guardrails.Redaction;

/// <summary>Finds the codes that are listed behind what calls them codes for a recovery: one on each line, or in one line.</summary>
internal static class Codes
{
    private const int Reach = 80;
    private const int MostCodes = 24;
    private const int Longest = 24;
    private const int LongestPhrase = 300;
    private const int Shortest = 6;
    private static readonly SearchValues<char> Gaps = SearchValues.Create(" \t\r\n,;*-+>.|`\"'[]\\");
    private static readonly SearchValues<char> Blanks = SearchValues.Create(" \t\r\n\"'\\");
    private static readonly SearchValues<char> PhraseEnds = SearchValues.Create("\n\"'\\.");
    private static readonly SearchValues<char> Letters = SearchValues.Create(Alphabet.Lower + Alphabet.Upper + Alphabet.Digit + "-");

    /// <summary>Adds those listed behind a position, and returns where they end.</summary>
    public static int Run(string text, int end, Spans spans)
    {
        var head = text.AsSpan(end, Math.Min(Reach, text.Length - end));
        var at = head.IndexOfAny(':', '\n') is >= 0 and var stop ? end + stop + 1 : head.IndexOf("\\n") is >= 0 and var line ? end + line : text.Length;
        for (var count = 0; count < MostCodes && at < text.Length; count++)
        {
            at += text.AsSpan(at).IndexOfAnyExcept(Gaps) is >= 0 and var gap ? gap : text.Length - at;
            at += at > 0 && at + 1 < text.Length && text[at] == 'n' && text[at - 1] == '\\' ? Gap(text, at + 1) : 0; // The letter of \n.
            var rest = text.AsSpan(at, Math.Min(Longest, text.Length - at));
            var length = rest.IndexOfAnyExcept(Letters) is >= 0 and var over ? over : rest.Length;
            if (length is < Shortest or Longest || rest[..length].IndexOfAnyInRange('0', '9') < 0 || rest[^1] == '-' || !SecretValues.IsCode(rest[..length]))
            {
                // A number of the list stands before its code.
                if (length is 1 or 2 && char.IsAsciiDigit(rest[0]))
                {
                    at += length;
                    continue;
                }

                return at;
            }

            spans.Add(at, at + length, "code");
            at += length;
        }

        return at;
    }

    /// <summary>Adds the words that a wallet is restored from, behind a position.</summary>
    public static void Phrase(string text, int end, Spans spans)
    {
        var head = text.AsSpan(end, Math.Min(Reach, text.Length - end));
        if (head.IndexOf(':') is not (>= 0 and < 16 and var colon))
        {
            return;
        }

        var at = end + colon + 1;
        at += text.AsSpan(at).IndexOfAnyExcept(Blanks) is > 0 and var gap ? gap : 0;
        at += at + 1 < text.Length && text[at] == 'n' && text[at - 1] == '\\' ? 1 : 0; // The letter of \n.
        at += text.AsSpan(at).IndexOfAnyExcept(' ') is > 0 and var indent ? indent : 0;
        var rest = text.AsSpan(at, Math.Min(LongestPhrase, text.Length - at));
        rest = rest.IndexOfAny(PhraseEnds) is >= 0 and var stop ? rest[..stop] : rest;
        if (SecretValues.IsMnemonic(rest.TrimEnd()))
        {
            spans.Add(at, at + rest.TrimEnd().Length, "phrase");
        }
    }

    private static int Gap(string text, int at) => 1 + (text.AsSpan(at).IndexOfAnyExcept(Gaps) is > 0 and var gap ? gap : 0);
}
