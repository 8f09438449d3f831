using System.Text;

namespace McpInfra.Cedar;

/// <summary>Reads tokens in order; says what was expected and what was found instead.</summary>
internal sealed class TokenReader(List<Token> tokens)
{
    private int at;

    public Token Current => tokens[at];

    public Token Previous => tokens[Math.Max(0, at - 1)];

    public bool AtEnd => Current.Kind == TokenKind.End;

    /// <summary>From there to the end of what was read last.</summary>
    public Span From(Span start) => Span.Between(start, Previous.Span);

    public Token Ahead(int count) => tokens[Math.Min(at + count, tokens.Count - 1)];

    public Token Take()
    {
        var token = Current;
        if (token.Kind != TokenKind.End)
        {
            at++;
        }

        return token;
    }

    public bool TryTake(string text)
    {
        if (!Current.Is(text))
        {
            return false;
        }

        at++;
        return true;
    }

    public Token Expect(string text, string? expected = null) => Current.Is(text) ? Take() : throw Unexpected(expected ?? $"`{text}`");

    /// <summary>An identifier that the language does not keep for itself.</summary>
    public Token ExpectIdentifier(string expected)
    {
        var word = Current.Kind == TokenKind.Identifier ? Take() : throw Unexpected(expected);
        return Names.IsReserved(word.Text) ? throw new SyntaxException(word.Span, $"`{word.Text}` is reserved: expected {expected}") : word;
    }

    /// <summary>`A::B::C`.</summary>
    public (string Name, Span Span) ExpectName(string expected)
    {
        var first = ExpectIdentifier(expected);
        var name = first.Text;
        while (Current.Is("::") && Ahead(1).Kind == TokenKind.Identifier)
        {
            at++;
            name = $"{name}::{ExpectIdentifier(expected).Text}";
        }

        return (string.Intern(name), Span.Between(first.Span, Previous.Span));
    }

    public string ExpectString(string expected) => Current.Kind == TokenKind.String ? Unquote(Take()) : throw Unexpected(expected);

    /// <summary>A name, bare or as a string.</summary>
    public string ExpectNameOrString(string expected) => Current.Kind == TokenKind.String ? Unquote(Take()) : ExpectIdentifier(expected).Text;

    /// <summary>One or more, between commas.</summary>
    public List<T> ReadList<T>(Func<T> read)
    {
        var list = new List<T> { read() };
        while (TryTake(","))
        {
            list.Add(read());
        }

        return list;
    }

    public static string Unquote(Token token)
    {
        var text = new StringBuilder(token.Text.Length);
        var bad = Quoting.Unescape(token.Text.AsSpan(1, token.Text.Length - 2), text, null);
        return bad < 0 ? text.ToString() : throw BadEscape(token, bad);
    }

    public static Pattern UnquotePattern(Token token)
    {
        var pieces = new List<string>();
        var piece = new StringBuilder();
        var bad = Quoting.Unescape(token.Text.AsSpan(1, token.Text.Length - 2), piece, text =>
        {
            pieces.Add(text.ToString());
            text.Clear();
        });
        pieces.Add(piece.ToString());
        return bad < 0 ? new(pieces) : throw BadEscape(token, bad);
    }

    public SyntaxException Unexpected(string expected) => new(Current.Span, $"expected {expected}, found {Current}");

    /// <summary>Goes behind the next of this symbol, to read on after a fault.</summary>
    public void SkipBehind(string symbol)
    {
        while (!AtEnd && !Take().Is(symbol))
        {
        }
    }

    private static SyntaxException BadEscape(Token token, int at) =>
        new(new(token.Span.Start + 1 + at, 1), @"not an escape: expected \n, \r, \t, \0, \\, \', "", \xHH up to 7F, \u{…} or, in a pattern, \*".Replace(", \",", ", \\\",", StringComparison.Ordinal));
}
