namespace McpInfra.Guardrails.Redaction;

/// <summary>Finds where one of some strings stands in a text, by a table of their first three characters: one look for each character, however many strings there are.</summary>
internal sealed class Beginnings
{
    private const int Letters = 128;
    private const int BitsOfLetter = 6;
    private const int Keys = 1 << (3 * BitsOfLetter);

    // A bit for each three characters that begin a string, by the six lower bits of each; which string it is, is looked at then.
    private readonly ulong[] starts = new ulong[Keys / 64];
    private readonly string[][] byFirstTwo = new string[Letters * Letters][];

    /// <param name="beginnings">ASCII, of two characters at least.</param>
    public Beginnings(IEnumerable<string> beginnings)
    {
        foreach (var alike in beginnings.GroupBy(beginning => (beginning[0] * Letters) + beginning[1]))
        {
            byFirstTwo[alike.Key] = [.. alike];
            foreach (var beginning in alike)
            {
                var (least, most) = beginning.Length > 2 ? (beginning[2], beginning[2]) : ('\0', char.MaxValue);
                for (int third = least; third <= most; third++)
                {
                    var key = With(With(With(0, beginning[0]), beginning[1]), (char)third);
                    starts[Place(key)] |= 1ul << (int)key;
                }
            }
        }
    }

    /// <summary>The first position, from one on, where one of the strings stands; the text's length when there is none.</summary>
    public int Next(ReadOnlySpan<char> text, int from)
    {
        if (from + 2 > text.Length)
        {
            return text.Length;
        }

        var table = starts;
        var key = With(With(0, text[from]), text[from + 1]);
        for (var at = from + 2; at < text.Length; at++)
        {
            key = With(key, text[at]);
            if (((table[Place(key)] >> (int)key) & 1) != 0 && Stand(text[(at - 2)..]))
            {
                return at - 2;
            }
        }

        return Stand(text[^2..]) ? text.Length - 2 : text.Length;
    }

    /// <summary>Whether the text starts with one of the strings.</summary>
    public bool Stand(ReadOnlySpan<char> rest)
    {
        if (rest.Length < 2 || (rest[0] | rest[1]) >= Letters)
        {
            return false;
        }

        foreach (var beginning in byFirstTwo[(rest[0] * Letters) + rest[1]] ?? [])
        {
            if (rest.StartsWith(beginning, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    // What came before the last three characters has left the lower bits.
    private static uint With(uint key, char letter) => (key << BitsOfLetter) ^ letter;

    private static int Place(uint key) => (int)(key & (Keys - 1)) >> 6;
}
