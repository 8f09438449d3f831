namespace McpInfra.Guardrails.Injection;

/// <summary>What a text says to who reads it another way: its values without their keys, its comments, its letters together, its links as words, without colours, and turned back.</summary>
internal static class Views
{
    /// <summary>How many ways there are.</summary>
    public const int Count = 8;

    /// <summary>Reads the text one of the ways; false when there is no sign of it.</summary>
    public static bool Read(int way, ReadOnlySpan<char> text, Turn turned, View view) => way switch
    {
        0 => Values.Quoted(text, view),
        1 => Values.Comments(text, view),
        2 => LettersApart.Join(text, view),
        3 => Unseen.WithoutColours(text, view),
        4 => Queries.Read(text, view),
        5 => turned.HasFlag(Turn.Rotated) && TurnedWords.Rotate(text, view),
        6 => turned.HasFlag(Turn.Reversed) && TurnedWords.Reverse(text, view),
        _ => turned.HasFlag(Turn.Reversed) && TurnedWords.ReverseWords(text, view),
    };
}
