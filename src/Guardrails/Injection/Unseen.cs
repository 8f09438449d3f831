using System.Text;

namespace McpInfra.Guardrails.Injection;

/// <summary>Text that a person does not see: bytes written as variation selectors, and words cut by terminal sequences.</summary>
internal static class Unseen
{
    private const int Fewest = 8;

    /// <summary>What the selectors spell, when there are more of them than emoji need.</summary>
    public static string? Selectors(string text)
    {
        if (!text.Contains('\uDB40') && text.AsSpan().IndexOfAnyInRange('\uFE00', '\uFE0E') < 0)
        {
            return null;
        }

        var bytes = new List<byte>();
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is >= 0xFE00 and <= 0xFE0F)
            {
                bytes.Add((byte)(rune.Value - 0xFE00));
            }
            else if (rune.Value is >= 0xE0100 and <= 0xE01EF)
            {
                bytes.Add((byte)(rune.Value - 0xE0100 + 16));
            }
        }

        return bytes.Count >= Fewest ? Encoding.UTF8.GetString([.. bytes]) : null;
    }

    /// <summary>The text without colours and other terminal sequences; null when it has none.</summary>
    public static string? WithoutColours(string text)
    {
        foreach (var escape in (ReadOnlySpan<string>)["\\u001b[", "\\u001B[", "\\x1b[", "\\033["])
        {
            text = text.Replace(escape, "\u001b[", StringComparison.Ordinal);
        }

        if (!text.Contains('\u001b'))
        {
            return null;
        }

        var plain = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\u001b' && at + 1 < text.Length && text[at + 1] == '[')
            {
                at += 2;
                while (at < text.Length && text[at] is < '@' or > '~')
                {
                    at++;
                }
            }
            else
            {
                plain.Append(text[at]);
            }
        }

        return plain.ToString();
    }
}
