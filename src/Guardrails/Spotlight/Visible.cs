using System.Buffers;

namespace McpInfra.Guardrails.Spotlight;

/// <summary>
/// The characters of a text that a person would see, with the way back to where each stood. Gone are control and terminal sequences, zero-width, bidi, tag and
/// variation characters, fillers and floods of marks; emoji, flags, and joiners where a script needs them stay.
/// </summary>
public static class Visible
{
    private const int MostMarks = 4;
    private const int LongestFlag = 6;
    private static readonly SearchValues<char> Suspects = SearchValues.Create([.. Enumerable.Range(0, 0x10000).Select(code => (char)code).Where(Suspect)]);
    private static readonly SearchValues<char> Closers = SearchValues.Create("\u0007\u001b\u0090\u009b\u009c\u009d");
    private static readonly string[] TagFlags = ["gbeng", "gbsct", "gbwls"];

    /// <summary>Whether the text may hold something that is not seen; false is certain.</summary>
    public static bool Hides(ReadOnlySpan<char> text) => text.ContainsAny(Suspects);

    /// <summary>The text without what is not seen; the same instance when all of it is.</summary>
    public static string Of(string text) => Hides(text) && Of(text, null) is var seen && seen != text ? seen : text;

    /// <summary>The text without what is not seen. Seeing twice equals seeing once.</summary>
    /// <param name="text">Any text, lone surrogates included, which become U+FFFD.</param>
    /// <param name="origins">For each unit of the result, where it stood in the text.</param>
    public static string Of(string text, out int[] origins)
    {
        var places = new int[text.Length];
        var seen = Of(text, places);
        origins = places[..seen.Length];
        return seen;
    }

    private static string Of(string text, int[]? places)
    {
        var view = ArrayPool<char>.Shared.Rent(text.Length);
        int kept = 0, at = 0, previous = 0, marks = 0;
        while (at < text.Length)
        {
            var plain = text.AsSpan(at).IndexOfAny(Suspects);
            plain = plain < 0 ? text.Length - at : plain;
            if (plain > 0)
            {
                Keep(plain);
                (previous, marks) = (text[at - 1], 0);
                continue;
            }

            var length = Units(text, at, out var code);
            var sequence = Terminal(text, at);
            if (sequence > 0)
            {
                at += sequence;
                continue;
            }

            var flag = code == 0xE007F || (code >= 0xE0020 && code < 0xE007F) ? Flag(text, at, previous) : 0;
            if (flag > 0)
            {
                Keep(flag);
                previous = 0xE007F;
                continue;
            }

            var hidden = Letters.IsUnseen(code) && !Belongs(text, at + length, code, previous);
            marks = Letters.IsMark(code) ? marks + 1 : hidden ? marks : 0;
            if (marks > MostMarks || hidden)
            {
                at += length;
                continue;
            }

            Keep(length);
            if (code is 0x2028 or 0x2029 or 0xFFFD)
            {
                view[kept - 1] = code == 0xFFFD ? '\uFFFD' : '\n';
            }

            previous = code;
        }

        var seen = new string(view, 0, kept);
        ArrayPool<char>.Shared.Return(view);
        return seen;

        void Keep(int units)
        {
            text.CopyTo(at, view, kept, units);
            for (var unit = 0; places is not null && unit < units; unit++)
            {
                places[kept + unit] = at + unit;
            }

            kept += units;
            at += units;
        }
    }

    private static bool Suspect(char letter) => char.IsSurrogate(letter) || letter is '\u2028' or '\u2029' || Letters.IsUnseen(letter) || Letters.IsMark(letter);

    private static int Units(string text, int at, out int code)
    {
        if (char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]))
        {
            code = char.ConvertToUtf32(text[at], text[at + 1]);
            return 2;
        }

        code = char.IsSurrogate(text[at]) ? 0xFFFD : text[at];
        return 1;
    }

    /// <summary>Whether an unseen character does its work between what was kept before it and what comes next.</summary>
    private static bool Belongs(string text, int next, int code, int previous)
    {
        var following = 0;
        if (next < text.Length)
        {
            Units(text, next, out following);
        }

        return code switch
        {
            Letters.Joiner => ((Letters.IsPictograph(previous) || previous is 0xFE0F) && Letters.IsPictograph(following)) || (Letters.Joins(previous) && Letters.Joins(following)),
            Letters.NonJoiner => Letters.Joins(previous) && Letters.Joins(following),
            0xFE0E or 0xFE0F => (Letters.IsPictograph(previous) && !Letters.IsModifier(previous)) || (previous is >= '0' and <= '9' or '#' or '*' && following == Letters.Keycap),
            _ => false,
        };
    }

    /// <summary>Length of the tag sequence that makes a flag of a black flag just kept; 0 when there is none.</summary>
    private static int Flag(string text, int at, int previous)
    {
        if (previous != Letters.BlackFlag)
        {
            return 0;
        }

        Span<char> name = stackalloc char[LongestFlag];
        var length = 0;
        var place = at;
        while (place < text.Length && length < LongestFlag)
        {
            var units = Units(text, place, out var code);
            place += units;
            if (code == 0xE007F)
            {
                return TagFlags.Contains(name[..length].ToString()) ? place - at : 0;
            }

            if (code is < 0xE0020 or > 0xE007E)
            {
                return 0;
            }

            name[length++] = (char)(code - 0xE0000);
        }

        return 0;
    }

    /// <summary>Length of the terminal sequence that starts here (CSI; OSC, DCS, APC, PM and SOS with their terminator); 0 for none.</summary>
    private static int Terminal(string text, int at)
    {
        var (introducer, body) = text[at] switch
        {
            '\u001b' when at + 1 < text.Length => (text[at + 1], at + 2),
            '\u009b' => ('[', at + 1),
            '\u009d' => (']', at + 1),
            '\u0090' => ('P', at + 1),
            _ => ('\0', at),
        };
        return introducer switch
        {
            '[' => Control(text, body) - at,
            ']' or 'P' or 'X' or '^' or '_' => Closed(text, body) is > 0 and var end ? end - at : body - at,
            '(' or ')' or '#' or '%' when body < text.Length => body + 1 - at,
            >= '7' and <= '>' or 'c' or 'D' or 'E' or 'H' or 'M' or 'N' or 'O' or 'Z' => body - at,
            _ => 0,
        };
    }

    private static int Control(string text, int at)
    {
        while (at < text.Length && text[at] is >= ' ' and <= '?')
        {
            at++;
        }

        return at < text.Length && text[at] is >= '@' and <= '~' ? at + 1 : at;
    }

    // Up to its terminator, but never over the start of another sequence: what is not closed is shown.
    private static int Closed(string text, int at)
    {
        var end = text.AsSpan(at).IndexOfAny(Closers);
        return end < 0 ? 0
            : text[at + end] is '\u0007' or '\u009c' ? at + end + 1
            : text[at + end] == '\u001b' && at + end + 1 < text.Length && text[at + end + 1] == '\\' ? at + end + 2
            : 0;
    }
}
