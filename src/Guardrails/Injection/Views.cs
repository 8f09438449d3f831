namespace McpInfra.Guardrails.Injection;

/// <summary>What a text says to who reads it another way: its values without their keys, its letters together, its links as words, without colours, and turned back.</summary>
internal static class Views
{
    /// <summary>The other ways to read the text that there is a sign of.</summary>
    public static IEnumerable<string> Of(string text, Turn turned)
    {
        foreach (var values in Values.Of(text))
        {
            yield return values;
        }

        if (LettersApart.Of(text) is { } joined)
        {
            yield return joined;
        }

        if (Unseen.WithoutColours(text) is { } plain)
        {
            yield return plain;
        }

        if (Queries.Of(text) is { } queries)
        {
            yield return queries;
        }

        if (turned.HasFlag(Turn.Rotated))
        {
            yield return TurnedWords.Rotate(text);
        }

        if (turned.HasFlag(Turn.Reversed))
        {
            yield return TurnedWords.Reverse(text);
            yield return string.Join(' ', text.Split(' ').Select(TurnedWords.Reverse));
        }
    }
}
