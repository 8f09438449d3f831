namespace McpInfra.Guardrails.Injection;

/// <summary>What a text says to who reads it another way: its values without their keys, its comments, its letters together, its links as words, without colours, without tags, with its words apart and its strings joined, from Morse code, and turned back.</summary>
internal static class Views
{
    /// <summary>How many ways there are.</summary>
    public const int Count = 14;

    /// <summary>Reads the text one of the ways; false when there is no sign of it.</summary>
    public static bool Read(int way, ReadOnlySpan<char> text, Turn turned, View view) => way switch
    {
        0 => Values.Quoted(text, view),
        1 => Values.Comments(text, view),
        2 => LettersApart.Join(text, view),
        3 => Unseen.WithoutColours(text, view),
        4 => Queries.Read(text, view),
        5 => Ciphers.Shift(text, turned, most: false, view),
        6 => Ciphers.Shift(text, turned, most: true, view),
        7 => turned.HasFlag(Turn.Mirrored) && Ciphers.Mirror(text, view),
        8 => turned.HasFlag(Turn.Together) && WordsTogether.Apart(text, view),
        9 => turned.HasFlag(Turn.Tagged) && WordsTogether.Untagged(text, view),
        10 => Morse.Read(text, view),
        11 => WordsTogether.Added(text, view),
        12 => turned.HasFlag(Turn.Reversed) && TurnedWords.Reverse(text, view),
        _ => turned.HasFlag(Turn.Reversed) && TurnedWords.ReverseWords(text, view),
    };
}
