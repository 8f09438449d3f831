namespace McpInfra.Guardrails.Injection;

/// <summary>Finds the tokens that a sentence, a line or a value begins with.</summary>
internal static class Beginnings
{
    private const string PassedOver = " \t\"'*_`#->(\\/"; // Between the end of one sentence and the next: blanks, quotes and marks of lists.
    private const string Ends = ".!?:;\n\r{}[]<|=\u3002\uFF01\uFF1F\uFF1A\uFF1B\uFF0C\u300C";
    private static readonly Step[] Steps = [.. Enumerable.Range(0, 128).Select(code => Of((char)code))];

    private enum Step : byte
    {
        /// <summary>The token goes on with something.</summary>
        No,

        /// <summary>The token is the first behind it.</summary>
        Yes,

        /// <summary>What stands before it says.</summary>
        Over,

        /// <summary>A line end, if it is escaped.</summary>
        Escape,
    }

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
        while (--at >= 0)
        {
            var letter = text[at];
            var step = letter < Steps.Length ? Steps[letter] : Of(letter);
            if (step is not Step.Over)
            {
                return step is Step.Yes || (step is Step.Escape && at > 0 && text[at - 1] == '\\');
            }
        }

        return true;
    }

    private static Step Of(char letter) => PassedOver.Contains(letter) ? Step.Over : Ends.Contains(letter) ? Step.Yes : letter == 'n' ? Step.Escape : Step.No;
}
