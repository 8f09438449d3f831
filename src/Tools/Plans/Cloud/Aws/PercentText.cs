using System.Globalization;
using System.Text;

namespace McpInfra.Tools.Plans.Cloud.Aws;

/// <summary>Percent encoding as Signature Version 4 has it. Decoded text holds one character for each byte.</summary>
internal static class PercentText
{
    /// <summary>The bytes behind the text; null when a `%` has not two hexadecimal digits after it.</summary>
    public static string? Decode(string text)
    {
        if (!text.Contains('%', StringComparison.Ordinal))
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '%')
            {
                plain.Append(text[at]);
            }
            else if (at + 2 < text.Length && byte.TryParse(text.AsSpan(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                plain.Append((char)value);
                at += 2;
            }
            else
            {
                return null;
            }
        }

        return plain.ToString();
    }

    /// <summary>Everything but letters, digits and `-._~` encoded.</summary>
    public static string Encode(string bytes, bool keepSlash = false)
    {
        var text = new StringBuilder(bytes.Length + 16);
        foreach (var letter in bytes)
        {
            if (char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_' or '~' || (keepSlash && letter == '/'))
            {
                text.Append(letter);
            }
            else
            {
                text.Append('%').Append(((byte)letter).ToString("X2", CultureInfo.InvariantCulture));
            }
        }

        return text.ToString();
    }

    /// <summary>Names and values of a query or form, decoded; null when one is malformed. A form's `+` is a space, a query's is itself.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>>? Pairs(string text, bool form)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var part in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var written = form ? part.Replace('+', ' ') : part;
            var equals = written.IndexOf('=', StringComparison.Ordinal);
            if (Decode(equals < 0 ? written : written[..equals]) is not { } name || Decode(equals < 0 ? "" : written[(equals + 1)..]) is not { } value)
            {
                return null;
            }

            pairs.Add(new(name, value));
        }

        return pairs;
    }
}
