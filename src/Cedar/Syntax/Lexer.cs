namespace McpInfra.Cedar;

/// <summary>Splits a text of policies or of a schema into words. Never fails: what is no word becomes a bad token that says so.</summary>
internal ref struct Lexer(string text)
{
    private static readonly string[] Pairs = ["::", "==", "!=", "<=", ">=", "||", "&&"];

    /// <summary>By character; empty where none is a symbol.</summary>
    private static readonly string[] Symbols = [.. Enumerable.Range(0, 128).Select(letter => "@.,;:(){}[]<>+-*/%!=?".Contains((char)letter) ? ((char)letter).ToString() : "")];

    private int at;

    public static List<Token> Split(string text)
    {
        var lexer = new Lexer(text);
        var tokens = new List<Token>(text.Length / 4);
        do
        {
            tokens.Add(lexer.Next());
        }
        while (tokens[^1].Kind != TokenKind.End);

        return tokens;
    }

    private Token Next()
    {
        SkipBlanks();
        if (at >= text.Length)
        {
            return new(TokenKind.End, "", new(text.Length, 0));
        }

        var letter = text[at];
        if (char.IsAsciiLetter(letter) || letter == '_')
        {
            return Word(TokenKind.Identifier, 0);
        }

        if (char.IsAsciiDigit(letter))
        {
            var end = text.AsSpan(at).IndexOfAnyExceptInRange('0', '9');
            return Take(TokenKind.Number, end < 0 ? text.Length - at : end);
        }

        return letter == '"' ? Literal() : letter == '?' && at + 1 < text.Length && (char.IsAsciiLetter(text[at + 1]) || text[at + 1] == '_') ? Word(TokenKind.Slot, 1) : Symbol();
    }

    private void SkipBlanks()
    {
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
            }
            else if (text[at] == '/' && at + 1 < text.Length && text[at + 1] == '/')
            {
                var end = text.AsSpan(at).IndexOfAny('\n', '\r');
                at = end < 0 ? text.Length : at + end;
            }
            else
            {
                return;
            }
        }
    }

    private Token Word(TokenKind kind, int skip)
    {
        var end = at + skip;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
        {
            end++;
        }

        return Take(kind, end - at);
    }

    private Token Literal()
    {
        for (var end = at + 1; end < text.Length; end++)
        {
            if (text[end] == '"')
            {
                return Take(TokenKind.String, end + 1 - at);
            }

            // A backslash takes the next character with it, but not the end of a line.
            if (text[end] == '\\' && end + 1 < text.Length && text[end + 1] != '\n')
            {
                end++;
            }
            else if (text[end] == '\\')
            {
                break;
            }
        }

        var bad = new Token(TokenKind.Bad, "a string that has no end", new(at, 1));
        at = text.Length;
        return bad;
    }

    private Token Symbol()
    {
        var symbol = text[at] < Symbols.Length ? Symbols[text[at]] : "";
        if (at + 1 < text.Length && (text[at + 1] is ':' or '=' or '|' or '&'))
        {
            foreach (var pair in Pairs)
            {
                symbol = text[at] == pair[0] && text[at + 1] == pair[1] ? pair : symbol;
            }
        }

        if (symbol.Length > 0)
        {
            var token = new Token(TokenKind.Symbol, symbol, new(at, symbol.Length));
            at += symbol.Length;
            return token;
        }

        var length = char.IsHighSurrogate(text[at]) && at + 1 < text.Length ? 2 : 1;
        var bad = new Token(TokenKind.Bad, "a character that the language does not use here", new(at, length));
        at += length;
        return bad;
    }

    private Token Take(TokenKind kind, int length)
    {
        var token = new Token(kind, text.Substring(at, length), new(at, length));
        at += length;
        return token;
    }
}
