namespace McpInfra.Cedar;

internal enum TokenKind
{
    End,
    Identifier,
    Number,
    String,
    Slot,
    Symbol,
    Bad,
}

/// <summary>A word of the language. A symbol's text is one of a fixed few, so comparing is cheap.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, Span Span)
{
    public bool Is(string text) => Kind is TokenKind.Symbol or TokenKind.Identifier && Text == text;

    public override string ToString() => Kind switch
    {
        TokenKind.End => "the end of the text",
        TokenKind.String => "a string",
        TokenKind.Bad => Text,
        _ => $"`{(Text.Length > 40 ? Text[..40] + "…" : Text)}`",
    };
}
