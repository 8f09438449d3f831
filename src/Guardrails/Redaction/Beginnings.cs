namespace McpInfra.Guardrails.Redaction;

/// <summary>Finds where one of some strings stands in a text, by a table of their first three characters: one look for each character, however many strings there are.</summary>
internal sealed class Beginnings
{
    private const int Letters = 128;
    private const int BitsOfLetter = 6;
    private const int Keys = 1 << (3 * BitsOfLetter);

    // A bit for each three characters that begin a string, by the six lower bits of each; which string it is, is looked at then.
    private readonly ulong[] starts = new ulong[Keys / 64];
    private readonly string[][] byFirstTwo;
    private readonly string[][] inAnyCaseByFirstTwo;

    /// <param name="beginnings">ASCII, of two characters at least.</param>
    /// <param name="inAnyCase">The same, of three characters at least, whose letters may be large or small.</param>
    public Beginnings(IEnumerable<string> beginnings, params IReadOnlyList<string> inAnyCase)
    {
        byFirstTwo = ByFirstTwo(beginnings.Select(beginning => (beginning[..2], beginning)));
        inAnyCaseByFirstTwo = ByFirstTwo(inAnyCase.SelectMany(beginning => Cases(beginning[..2]).Select(two => (two, beginning))));
        foreach (var (two, three) in beginnings.Select(beginning => (beginning[..2], beginning.Length > 2 ? beginning[2..3] : "")).Concat(inAnyCase.SelectMany(beginning => Cases(beginning[..3])).Select(three => (three[..2], three[2..]))))
        {
            var (least, most) = three.Length > 0 ? (three[0], three[0]) : ('\0', char.MaxValue);
            for (int third = least; third <= most; third++)
            {
                var key = With(With(With(0, two[0]), two[1]), (char)third);
                starts[Place(key)] |= 1ul << (int)key;
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
    public bool Stand(ReadOnlySpan<char> rest) => StandAsWritten(rest) || StandInAnyCase(rest);

    /// <summary>Whether the text starts with one of the strings whose case counts.</summary>
    public bool StandAsWritten(ReadOnlySpan<char> rest) => Stand(rest, byFirstTwo, StringComparison.Ordinal);

    /// <summary>Whether the text starts with one of those whose case does not count.</summary>
    public bool StandInAnyCase(ReadOnlySpan<char> rest) => Stand(rest, inAnyCaseByFirstTwo, StringComparison.OrdinalIgnoreCase);

    private static bool Stand(ReadOnlySpan<char> rest, string[][] byFirstTwo, StringComparison comparison)
    {
        if (rest.Length < 2 || (rest[0] | rest[1]) >= Letters)
        {
            return false;
        }

        foreach (var beginning in byFirstTwo[(rest[0] * Letters) + rest[1]] ?? [])
        {
            if (rest.StartsWith(beginning, comparison))
            {
                return true;
            }
        }

        return false;
    }

    private static string[][] ByFirstTwo(IEnumerable<(string Two, string Beginning)> beginnings)
    {
        var all = new string[Letters * Letters][];
        foreach (var alike in beginnings.GroupBy(one => one.Two, one => one.Beginning))
        {
            all[(alike.Key[0] * Letters) + alike.Key[1]] = [.. alike];
        }

        return all;
    }

    private static IEnumerable<string> Cases(string letters) => letters.Aggregate(
        (IEnumerable<string>)[""], (all, letter) => all.SelectMany(before => new[] { before + char.ToLowerInvariant(letter), before + char.ToUpperInvariant(letter) }).Distinct());

    // What came before the last three characters has left the lower bits.
    private static uint With(uint key, char letter) => (key << BitsOfLetter) ^ letter;

    private static int Place(uint key) => (int)(key & (Keys - 1)) >> 6;
}
