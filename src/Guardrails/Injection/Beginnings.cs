namespace McpInfra.Guardrails.Injection;

/// <summary>Finds the tokens that a sentence, a line or a value begins with.</summary>
internal static class Beginnings
{
    private static readonly bool[] PassedOver = Marks(" \t\"'*_`#->(\\/"); // Between the end of one sentence and the next: blanks, quotes and marks of lists.
    private static readonly bool[] Ends = Marks(".!?:;\n\r{}[]<|=");

    /// <summary>Marks them in the tokens of a text.</summary>
    public static void Mark(ReadOnlySpan<char> text, Span<Token> tokens)
    {
        foreach (ref var token in tokens)
        {
            var at = token.Start;
            var goesOn = at > 1 && text[at - 1] == ' ' && text[at - 2] is >= 'a' and <= 'z' and not 'n'; // As most do; an n may be a line end that is escaped.
            if (!goesOn && Begins(text, at))
            {
                token = token with { IsFirst = true };
            }
        }
    }

    private static bool Begins(ReadOnlySpan<char> text, int at)
    {
        while (at > 0 && Is(PassedOver, text[at - 1]))
        {
            at--;
        }

        return at == 0 || text[at - 1] is var last
            && (Is(Ends, last) || last is '\u3002' or '\uFF01' or '\uFF1F' or '\uFF1A' or '\uFF1B' or '\uFF0C' or '\u300C' || (last == 'n' && at > 1 && text[at - 2] == '\\'));
    }

    private static bool Is(bool[] marks, char letter) => letter < marks.Length && marks[letter];

    private static bool[] Marks(string letters) => [.. Enumerable.Range(0, 128).Select(code => letters.Contains((char)code))];
}
