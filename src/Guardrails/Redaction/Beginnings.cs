namespace McpInfra.Guardrails.Redaction;

/// <summary>Finds where one of some strings stands in a text, by a table of their first three characters: one look-up for each character, however many strings there are.</summary>
internal sealed class Beginnings
{
    private const int Keys = 1 << 17;
    private readonly ulong[] starts = new ulong[Keys / 64];
    private readonly string[][] byFirst = new string[128][];

    /// <param name="beginnings">ASCII, of two characters at least.</param>
    public Beginnings(IEnumerable<string> beginnings)
    {
        var all = beginnings.ToArray();
        foreach (var beginning in all)
        {
            for (var third = 0; third < 128; third++)
            {
                if (beginning.Length == 2 || beginning[2] == third)
                {
                    var key = Key(beginning[0], beginning[1], (char)third);
                    starts[key >> 6] |= 1ul << (key & 63);
                }
            }
        }

        for (var first = 0; first < byFirst.Length; first++)
        {
            byFirst[first] = [.. all.Where(beginning => beginning[0] == first)];
        }
    }

    /// <summary>The first position, from one on, where one of the strings stands; the text's length when there is none.</summary>
    public int Next(ReadOnlySpan<char> text, int from)
    {
        if (text.Length - from < 2)
        {
            return text.Length;
        }

        var starts = this.starts;
        var (first, second) = (text[from], text[from + 1]);
        for (var at = from; at + 1 < text.Length; at++)
        {
            var third = at + 2 < text.Length ? text[at + 2] : '\0';
            var key = Key(first, second, third);
            if (((starts[key >> 6] >> key) & 1) != 0 && Stand(text[at..]))
            {
                return at;
            }

            (first, second) = (second, third);
        }

        return text.Length;
    }

    /// <summary>Whether the text starts with one of the strings.</summary>
    public bool Stand(ReadOnlySpan<char> rest)
    {
        if (rest[0] >= byFirst.Length)
        {
            return false;
        }

        foreach (var beginning in byFirst[rest[0]])
        {
            if (rest.StartsWith(beginning, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    // Characters beyond ASCII fall on keys of others; the comparison afterwards tells.
    private static int Key(char first, char second, char third) => (first ^ (second << 5) ^ (third << 10)) & (Keys - 1);
}
