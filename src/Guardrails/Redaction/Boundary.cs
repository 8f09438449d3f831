namespace McpInfra.Guardrails.Redaction;

/// <summary>Where a word may begin.</summary>
internal static class Boundary
{
    private const int LongestNeighbour = 20;

    /// <summary>Whether a credential can start here: after nothing, after what is no letter or digit, or after an escape such as \n or %3D.</summary>
    public static bool Before(string text, int at)
    {
        if (at == 0 || !char.IsAsciiLetterOrDigit(text[at - 1]))
        {
            return !Inside(text, at);
        }

        return (at >= 2 && text[at - 2] == '\\') || (at >= 3 && text[at - 3] == '%' && char.IsAsciiHexDigit(text[at - 2]) && char.IsAsciiHexDigit(text[at - 1]))
            || (at >= 6 && text[at - 6] == '\\' && text[at - 5] == 'u');
    }

    /// <summary>Whether it stands in the middle of one long random word, where a prefix is chance.</summary>
    public static bool Inside(string text, int at)
    {
        var start = at;
        while (start > 0 && at - start <= LongestNeighbour && (char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] is '_' or '-'))
        {
            start--;
        }

        return at - start > LongestNeighbour;
    }
}
