using System.Globalization;
using System.Text;

namespace McpInfra.Guardrails.Injection;

/// <summary>Text written as the numbers of its bytes: 49 67 6e, \x49\x67, \111\147, =49=67, %2549%2567, 01001001 01100111, 73 103.</summary>
internal static class SpelledOut
{
    private const int Fewest = 12;
    private const int Longest = 1 << 16;

    private static readonly Form[] Forms =
    [
        new("x", 2, 16), new("u", 4, 16), new("%25", 2, 16), new("=", 2, 16), new("\\", 3, 8), new("", 8, 2), new("", 2, 16), new("", 3, 10), new("", 2, 10),
    ];

    /// <summary>What the runs of such numbers say, where it is text.</summary>
    public static IEnumerable<string> Of(string text)
    {
        var at = 0;
        while (at < text.Length && text.AsSpan(at).IndexOfAnyInRange('0', '9') is >= 0 and var hit)
        {
            at += hit;
            at += text.AsSpan(at).StartsWith("0x") ? 2 : 0;
            var end = at;
            foreach (var form in Forms)
            {
                if (Read(text, at, form, out var after) is { } said)
                {
                    yield return said;
                    end = after;
                    break;
                }
            }

            at = Math.Max(end, at + 1);
            while (at < text.Length && char.IsAsciiLetterOrDigit(text[at]) && end < at)
            {
                at++;
            }
        }
    }

    private static string? Read(string text, int at, Form form, out int end)
    {
        end = at;
        if (at < form.Before.Length || !text.AsSpan(0, at).EndsWith(form.Before, StringComparison.Ordinal) || (form.Before.Length == 0 && at > 0 && char.IsAsciiLetterOrDigit(text[at - 1])))
        {
            return null;
        }

        StringBuilder? said = null;
        Span<byte> first = stackalloc byte[Fewest];
        for (var count = 0; count < Longest; count++)
        {
            var digits = Digits(text.AsSpan(at), form, out var value);
            if (digits == 0 || value is < 9 or > 126)
            {
                break;
            }

            if (count < Fewest)
            {
                first[count] = (byte)value;
            }
            else
            {
                said ??= new StringBuilder(Encoding.ASCII.GetString(first));
                said.Append((char)value);
            }

            at += digits;
            end = at;
            at = Next(text, at, form);
            if (at < 0)
            {
                break;
            }
        }

        return said?.ToString();
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

    private static int Digit(char letter) => char.IsAsciiHexDigit(letter) ? int.Parse([letter], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : byte.MaxValue;

    // Where the next number starts: behind what stands before each, or behind a separator.
    private static int Next(string text, int at, Form form)
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
            at = from + text.AsSpan(from).IndexOfAnyExcept('\\');
            return at > from ? at : -1;
        }

        return text.AsSpan(at).StartsWith(form.Before, StringComparison.Ordinal) ? at + form.Before.Length : -1;
    }

    private sealed record Form(string Before, int Digits, int Base);
}
