using System.Globalization;
using System.Text;

namespace McpInfra.Cedar;

/// <summary>Cedar's string literals: what escapes mean, and how a text is written as one.</summary>
internal static class Quoting
{
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        AppendEscaped(quoted, text);
        return quoted.Append('"').ToString();
    }

    /// <summary>A record's key or an attribute: bare where the language allows it.</summary>
    public static string Key(string name) => Names.IsUsable(name) ? name : Quote(name);

    public static void AppendEscaped(StringBuilder quoted, ReadOnlySpan<char> text)
    {
        foreach (var letter in text)
        {
            _ = letter switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                '\0' => quoted.Append("\\0"),
                _ when char.IsControl(letter) => quoted.Append(CultureInfo.InvariantCulture, $"\\u{{{(int)letter:x}}}"),
                _ => quoted.Append(letter),
            };
        }
    }

    /// <summary>
    /// Reads the inside of a literal. In a pattern `*` is given as the wildcard and `\*` as a star.
    /// Returns where the first fault is, or -1.
    /// </summary>
    public static int Unescape(ReadOnlySpan<char> inside, StringBuilder text, Action<StringBuilder>? wildcard)
    {
        for (var at = 0; at < inside.Length;)
        {
            var letter = inside[at];
            if (letter == '*' && wildcard is not null)
            {
                wildcard(text);
                at++;
            }
            else if (letter == '\r')
            {
                return at; // A bare carriage return would be invisible in the value.
            }
            else if (letter != '\\')
            {
                text.Append(letter);
                at++;
            }
            else
            {
                var read = Escape(inside[(at + 1)..], text, wildcard is not null);
                if (read < 0)
                {
                    return at;
                }

                at += 1 + read;
            }
        }

        return -1;
    }

    /// <summary>Reads what follows a backslash; gives the characters taken, or -1.</summary>
    private static int Escape(ReadOnlySpan<char> rest, StringBuilder text, bool pattern)
    {
        if (rest.IsEmpty)
        {
            return -1;
        }

        switch (rest[0])
        {
            case 'n': text.Append('\n'); return 1;
            case 'r': text.Append('\r'); return 1;
            case 't': text.Append('\t'); return 1;
            case '0': text.Append('\0'); return 1;
            case '\\' or '"' or '\'': text.Append(rest[0]); return 1;
            case '*' when pattern: text.Append('*'); return 1;
            case 'x': return Hexadecimal(rest, text);
            case 'u': return CodePoint(rest, text);
            default: return -1;
        }
    }

    private static int Hexadecimal(ReadOnlySpan<char> rest, StringBuilder text)
    {
        if (rest.Length < 3 || !byte.TryParse(rest[1..3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) || code > 0x7F)
        {
            return -1;
        }

        text.Append((char)code);
        return 3;
    }

    private static int CodePoint(ReadOnlySpan<char> rest, StringBuilder text)
    {
        var close = rest.IndexOf('}');
        if (rest.Length < 2 || rest[1] != '{' || close < 3)
        {
            return -1;
        }

        var digits = rest[2..close];
        var (code, count) = (0, 0);
        foreach (var digit in digits)
        {
            if (digit == '_' && count > 0)
            {
                continue;
            }

            if (!char.IsAsciiHexDigit(digit) || ++count > 6)
            {
                return -1;
            }

            code = (code * 16) + int.Parse([digit], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        }

        if (!Rune.IsValid(code))
        {
            return -1;
        }

        text.Append(new Rune(code).ToString());
        return close + 1;
    }
}
