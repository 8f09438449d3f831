using System.Globalization;

namespace McpInfra.Guardrails.Injection;

/// <summary>Reads characters as JSON, URLs and HTML escape them.</summary>
internal static class Escapes
{
    /// <summary>The code point that the text starts with, behind the escapes that JSON, URLs and HTML use, and the units it takes.</summary>
    public static int First(ReadOnlySpan<char> text, out int code)
    {
        var units = Unit(text, out code);
        if (code is >= 0xD800 and < 0xDC00 && units < text.Length && Unit(text[units..], out var low) is var more && low is >= 0xDC00 and < 0xE000)
        {
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
            return units + more;
        }

        return units;
    }

    private static int Unit(ReadOnlySpan<char> text, out int code)
    {
        code = text[0];
        if (code is not ('\\' or '%' or '&') || text.Length < 2)
        {
            return 1;
        }

        if (code == '\\')
        {
            return text[1] switch
            {
                'u' when text.Length >= 6 && int.TryParse(text.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out code) => 6,
                'x' when text.Length >= 4 && int.TryParse(text.Slice(2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out code) => 4,
                'n' or 'r' or 't' => Plain(' ', 2, out code),
                '\\' when text.Length > 2 && text[2] is 'u' or 'x' => 1 + Unit(text[1..], out code),
                '"' or '\\' or '/' => Plain(text[1], 2, out code),
                _ => Plain('\\', 1, out code),
            };
        }

        if (code == '%')
        {
            // A percent sign may itself be escaped.
            if (text.Length >= 5 && text.StartsWith("%25") && int.TryParse(text.Slice(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out code) && code is >= 32 and < 127)
            {
                return 5;
            }

            return text.Length >= 3 && int.TryParse(text.Slice(1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out code) && code is >= 32 and < 127 ? 3 : Plain('%', 1, out code);
        }

        return Entity(text, out code);
    }

    private static int Entity(ReadOnlySpan<char> text, out int code)
    {
        var end = text[..Math.Min(10, text.Length)].IndexOf(';');
        if (end < 3)
        {
            return Plain('&', 1, out code);
        }

        var name = text[1..end];
        if (name[0] == '#' && (name.Length > 2 && name[1] is 'x' or 'X' ? int.TryParse(name[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out code) : int.TryParse(name[1..], NumberStyles.None, CultureInfo.InvariantCulture, out code)) && code is > 0 and < 0x110000)
        {
            return end + 1;
        }

        return name switch
        {
            "lt" => Plain('<', end + 1, out code),
            "gt" => Plain('>', end + 1, out code),
            "quot" => Plain('"', end + 1, out code),
            "apos" => Plain('\'', end + 1, out code),
            "nbsp" or "amp" => Plain(' ', end + 1, out code),
            _ => Plain('&', 1, out code),
        };
    }

    private static int Plain(int value, int units, out int code)
    {
        code = value;
        return units;
    }
}
