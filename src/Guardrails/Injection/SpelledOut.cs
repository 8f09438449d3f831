using McpInfra.Guardrails.Redaction;

namespace McpInfra.Guardrails.Injection;

/// <summary>Text written as the numbers of its bytes: 49 67 6e, \x49\x67, \111\147, =49=67, 01001001 01100111, 73 103.</summary>
internal static class SpelledOut
{
    private const int Fewest = 12;

    // Two digits of each number, and a separator or a prefix between two.
    private const int Shortest = ((Fewest + 1) * 3) - 1;

    // Digits of every form, separators and prefixes: what is read as a run of numbers has nothing else.
    private static readonly Runs Numbers = new("0123456789abcdefABCDEF ,\n\\:-xu=", Shortest);

    private static readonly Form Hex = new("", 2, 16);
    private static readonly Form Decimal = new("", 3, 10);
    private static readonly Form Binary = new("", 8, 2);
    private static readonly Form Octal = new("\\", 3, 8);
    private static readonly Form HexEscape = new("x", 2, 16);
    private static readonly Form UnicodeEscape = new("u", 4, 16);
    private static readonly Form QuotedPrintable = new("=", 2, 16);

    /// <summary>Reads the next run of such numbers that is text; false when there is none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">Where to look on.</param>
    /// <param name="view">Takes what the run says.</param>
    public static bool Next(ReadOnlySpan<char> text, ref int at, View view)
    {
        view.Name = "numbers";
        while (Numbers.Next(text, at) is (var start, > 0 and var length))
        {
            at = start;
            while (at < start + length && text[at..].IndexOfAnyInRange('0', '9') is >= 0 and var hit)
            {
                at += hit;
                at += text[at..].StartsWith("0x") ? 2 : 0;
                if (Formed(text, at) is { } form && ((Read(text, at, form, view) is var after && after > at) || (form == Hex && (after = Read(text, at, Decimal, view)) > at)))
                {
                    at = after;
                    return true;
                }

                at++;
                while (at < text.Length && char.IsAsciiLetterOrDigit(text[at]))
                {
                    at++;
                }
            }

            at = Math.Max(at, start + length);
        }

        return false;
    }

    // The form that a number here may have, by what stands before it and how long it is.
    private static Form? Formed(ReadOnlySpan<char> text, int at)
    {
        var before = at == 0 ? ' ' : text[at - 1];
        if (before is 'x' or 'u' or '=' or '\\')
        {
            return before switch { 'x' => HexEscape, 'u' => UnicodeEscape, '=' => QuotedPrintable, _ => Octal };
        }

        var length = 0;
        while (!char.IsAsciiLetterOrDigit(before) && length <= Binary.Digits && at + length < text.Length && char.IsAsciiHexDigit(text[at + length]))
        {
            length++;
        }

        return length switch { 2 => Hex, 3 => Decimal, 8 => Binary, _ => null };
    }

    // Where the run ends; where it starts when it is too short.
    private static int Read(ReadOnlySpan<char> text, int start, Form form, View view)
    {
        view.Clear();
        var (at, end) = (start, start);
        while (at >= 0 && view.Length < View.Most)
        {
            var digits = Digits(text[at..], form, out var value);
            if (digits == 0 || value is < 9 or > 126)
            {
                break;
            }

            view.Add((char)value, at, at + digits);
            end = at + digits;
            at = Next(text, end, form);
        }

        return view.Length > Fewest ? end : start;
    }

    // The digits of one number, all of them or, of decimals, two or three.
    private static int Digits(ReadOnlySpan<char> text, Form form, out int value)
    {
        value = 0;
        var length = 0;
        while (length < form.Digits && length < text.Length && Digit(text[length]) is var digit && digit < form.Base)
        {
            value = (value * form.Base) + digit;
            length++;
        }

        return length == form.Digits || (form.Base == 10 && length == 2) ? length : 0;
    }

    private static int Digit(char letter) => !char.IsAsciiHexDigit(letter) ? byte.MaxValue : letter <= '9' ? letter - '0' : (letter | 0x20) - 'a' + 10;

    // Where the next number starts: behind what stands before each, or behind a separator.
    private static int Next(ReadOnlySpan<char> text, int at, Form form)
    {
        var from = at;
        while (at < text.Length && at - from < 3 && text[at] is ' ' or ',' or '\n' or '\\' or ':' or '-' or '0' && !(text[at] == '0' && form.Before.Length == 0))
        {
            at++;
        }

        if (form.Before.Length == 0)
        {
            return at > from ? at : -1;
        }

        if (form.Before == "\\")
        {
            at = from + text[from..].IndexOfAnyExcept('\\');
            return at > from ? at : -1;
        }

        return text[Math.Min(at, text.Length)..].StartsWith(form.Before) ? at + form.Before.Length : -1;
    }

    private sealed record Form(string Before, int Digits, int Base);
}
