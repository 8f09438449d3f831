using System.Text;

namespace McpInfra.Guardrails.Injection;

/// <summary>
/// The plain letter behind a letter: compatibility forms (fullwidth, mathematical, circled, small capitals, accents) always, look-alikes of other scripts only on demand.
/// Read from folds.txt: each line a letter and what folds to it; a line that starts with ~ holds look-alikes.
/// </summary>
internal static class Folds
{
    private static readonly (NumberTable Astral, char[] Plain, char[] LookAlike) Table = Read();

    /// <summary>The plain letter of a code point in lower case, or the code point in lower case.</summary>
    public static int Of(int code)
    {
        if (code < 128)
        {
            return code is >= 'A' and <= 'Z' ? code | 0x20 : code;
        }

        if (code > 0xFFFF)
        {
            return Table.Astral[(uint)code] is > 0 and var letter ? (int)letter : code;
        }

        return Table.Plain[code] is var plain && plain != 0 ? plain : char.ToLowerInvariant((char)code);
    }

    /// <summary>A word of plain letters.</summary>
    public static string Of(string word)
    {
        if (IsPlain(word))
        {
            return word;
        }

        var plain = new StringBuilder(word.Length);
        Span<char> units = stackalloc char[2];
        foreach (var rune in word.EnumerateRunes())
        {
            plain.Append(units[..new Rune(Of(rune.Value)).EncodeToUtf16(units)]);
        }

        return plain.ToString();
    }

    private static bool IsPlain(string word)
    {
        foreach (var letter in word)
        {
            if (letter is > '\x7F' or (>= 'A' and <= 'Z'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The Latin letter that a letter of another script looks like; 0 for none.</summary>
    public static char LookAlike(int code) => code is < 128 or > 0xFFFF ? '\0' : Table.LookAlike[code];

    private static (NumberTable Astral, char[] Plain, char[] LookAlike) Read()
    {
        var (astral, plain, alike) = (new NumberTable(2048), new char[0x10000], new char[0x10000]);
        using var stream = typeof(Folds).Assembly.GetManifestResourceStream("McpInfra.Guardrails.Injection.folds.txt") ?? throw new InvalidOperationException("The table of folds is missing from the program.");
        using var lines = new StreamReader(stream, Encoding.UTF8);
        while (lines.ReadLine() is { } line)
        {
            var looks = line[0] == '~';
            var letter = line[looks ? 1 : 0];
            foreach (var rune in line.AsSpan(looks ? 3 : 2).EnumerateRunes())
            {
                if (!rune.IsBmp)
                {
                    astral.TryAdd((uint)rune.Value, letter);
                }
                else
                {
                    (looks ? alike : plain)[rune.Value] = letter;
                }
            }
        }

        return (astral, plain, alike);
    }
}
