namespace McpInfra.Guardrails.Injection;

/// <summary>Finds the tokens that a sentence, a line or a value begins with.</summary>
internal static class Beginnings
{
    /// <summary>Marks them in the tokens of a text.</summary>
    public static void Mark(ReadOnlySpan<char> text, Span<Token> tokens)
    {
        foreach (ref var token in tokens)
        {
            if (Begins(text, token.Start))
            {
                token = token with { IsFirst = true };
            }
        }
    }

    private static bool Begins(ReadOnlySpan<char> text, int at)
    {
        while (at > 0 && IsPassedOver(text[at - 1]))
        {
            at--;
        }

        return at == 0 || Ends(text[at - 1]) || (text[at - 1] == 'n' && at > 1 && text[at - 2] == '\\');
    }

    // What may stand between the end of one sentence and the next: blanks, quotes and marks of lists.
    private static bool IsPassedOver(char letter) => letter is ' ' or '\t' or '"' or '\'' or '*' or '_' or '`' or '#' or '-' or '>' or '(' or '\\' or '/';

    private static bool Ends(char letter) => letter is '.' or '!' or '?' or ':' or ';' or '\n' or '\r' or '{' or '}' or '[' or ']' or '<' or '|' or '=' or '\u3002' or '\uFF01' or '\uFF1F' or '\uFF1A' or '\uFF1B' or '\uFF0C' or '\u300C';
}
