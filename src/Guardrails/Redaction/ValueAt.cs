namespace McpInfra.Guardrails.Redaction;

/// <summary>A value in a text.</summary>
/// <param name="Start">Its first character, behind an opening quote.</param>
/// <param name="End">One past its last.</param>
/// <param name="Quoted">Whether it was quoted.</param>
/// <param name="After">Where the text goes on, behind a closing quote.</param>
internal readonly record struct Value(int Start, int End, bool Quoted, int After);

/// <summary>Reads values as shells, YAML, JSON (also inside JSON), HCL, XML and logs write them.</summary>
internal static class ValueAt
{
    /// <summary>Most characters of a value.</summary>
    public const int Longest = 20_000;

    /// <summary>The same for one that stands within another.</summary>
    public const int LongestWithin = 256;

    /// <summary>The value at a place, or null when a block or nothing stands there.</summary>
    public static Value? Read(string text, Place place, int longest = Longest)
    {
        var at = place.At;
        if (place.Element)
        {
            at = Inner(text, at);
            var close = text.AsSpan(at, Math.Min(longest, text.Length - at)).IndexOf('<');
            return close <= 0 ? null : new Value(at, at + close, true, at + close);
        }

        at = Wrapped(text, at);

        at = Block(text, at);
        if (at >= text.Length || text[at] is '{' or '\n' or '\r' && !(text[at] == '{' && at + 1 < text.Length && text[at + 1] == '{'))
        {
            return null;
        }

        at += text[at] is 'b' or 'r' or 'u' or 'f' or '@' or '$' && at + 1 < text.Length && text[at + 1] is '"' or '\'' ? 1 : 0; // b'…', r"…", @"…"
        var slashes = at;
        while (slashes < text.Length && text[slashes] == '\\')
        {
            slashes++;
        }

        return slashes < text.Length && text[slashes] is '"' or '\'' or '`' ? Quoted(text, at, slashes, longest)
            : text.AsSpan(at).StartsWith("&quot;") ? Until(text, at + 6, "&quot;", longest)
            : Bare(text, at, place, longest);
    }

    /// <summary>Where a second value of the same name stands: after `->` of a plan's change or after the comma of a list.</summary>
    public static int? Next(string text, Value value)
    {
        var at = Math.Min(value.After, text.Length);
        while (at < text.Length && text[at] is ' ' or '\t')
        {
            at++;
        }

        var rest = text.AsSpan(at);
        if (rest.StartsWith("-> "))
        {
            return at + 3;
        }

        return value.Quoted && rest.StartsWith(",") && value.Start >= 2 && text[value.Start - 2] is '[' or ',' or ' ' && rest.Length > 2 && rest[1..].TrimStart() is ['"' or '\'', ..] && !NamesNext(rest[1..].TrimStart())
            ? at + 1 + (rest.Length - 1 - rest[1..].TrimStart().Length)
            : null;
    }

    // "a": 1 follows: the comma parts fields, not items.
    private static bool NamesNext(ReadOnlySpan<char> rest)
    {
        var close = rest[1..].IndexOf(rest[0]);
        return close < 0 || rest[(close + 2)..].TrimStart() is [':' or '=', ..];
    }

    // <Value>x: an element of its own holds what the outer one names.
    private static int Inner(string text, int at)
    {
        var inside = at;
        while (inside < text.Length && char.IsWhiteSpace(text[inside]))
        {
            inside++;
        }

        return text.AsSpan(inside).StartsWith("<Value>") ? inside + "<Value>".Length : at;
    }

    // The list's bracket, or what turns a string into bytes.
    private static int Wrapped(string text, int at)
    {
        foreach (var wrapper in (ReadOnlySpan<string>)["[]byte(", "Buffer.from(", "bytes(", "String("])
        {
            if (text.AsSpan(at).StartsWith(wrapper, StringComparison.Ordinal))
            {
                return at + wrapper.Length;
            }
        }

        return at < text.Length && text[at] is '[' ? at + 1 : at;
    }

    // A YAML block scalar: the value is the next line.
    private static int Block(string text, int at)
    {
        if (at >= text.Length || text[at] is not ('|' or '>'))
        {
            return at;
        }

        var line = text.AsSpan(at).IndexOf('\n');
        if (line is < 0 or > 4)
        {
            return at;
        }

        at += line + 1;
        while (at < text.Length && text[at] is ' ' or '\t')
        {
            at++;
        }

        return at;
    }

    private static Value Quoted(string text, int at, int quote, int longest)
    {
        if (text.AsSpan(quote).StartsWith("\"\"\"") || text.AsSpan(quote).StartsWith("'''"))
        {
            return Until(text, quote + 3, text.AsSpan(quote, 3), longest);
        }

        if (quote > at)
        {
            return Until(text, quote + 1, text.AsSpan(at, quote - at + 1), longest);
        }

        var end = quote + 1;
        while (end < text.Length && end - quote < longest && text[end] != text[quote] && text[end] is not '\n')
        {
            end += text[end] == '\\' && text[quote] == '"' ? 2 : 1;
        }

        end = Math.Min(end, text.Length);
        return new Value(quote + 1, end, true, end + 1);
    }

    private static Value Until(string text, int start, ReadOnlySpan<char> close, int longest)
    {
        var rest = text.AsSpan(start, Math.Min(longest, text.Length - start));
        var length = rest.IndexOf(close);
        var line = rest.IndexOf('\n');
        length = length < 0 || (line >= 0 && line < length) ? (line < 0 ? rest.Length : line) : length;
        return new Value(start, start + length, true, start + length + close.Length);
    }

    private static Value? Bare(string text, int at, Place place, int longest)
    {
        var end = at;
        while (end < text.Length && end - at < longest && !Ends(text, end, place))
        {
            end++;
        }

        var after = end;
        while (end > at && (char.IsWhiteSpace(text[end - 1]) || text[end - 1] is ',' or ';' or '"' or '\'' or '`' or ')' or ']' or '}' or '>' && !Opened(text, at, end)))
        {
            end--;
        }

        return end == at ? null : new Value(at, end, false, after);
    }

    private static bool Opened(string text, int at, int end) => text[end - 1] switch
    {
        ')' => text.AsSpan(at, end - at).Contains('('),
        ']' => text.AsSpan(at, end - at).Contains('['),
        '}' => text.AsSpan(at, end - at).Contains('{'),
        '>' => text.AsSpan(at, end - at).Contains('<'),
        _ => false,
    };

    private static bool Ends(string text, int at, Place place) => text[at] switch
    {
        '\n' or '\r' => true,
        '\\' => at + 1 < text.Length && text[at + 1] is 'n' or 'r' or 't' or '"',
        ' ' or '\t' => !place.Line || (at + 1 < text.Length && text[at + 1] == '#'),
        '"' or '\'' or '`' or '<' => at > place.At && (text[at] == '<' || at + 1 >= text.Length || !char.IsLetterOrDigit(text[at + 1])),
        ';' or '&' => place.Link || !place.Line,
        ',' or '|' => !place.Line || (at + 1 < text.Length && text[at + 1] == ' '),
        _ => false,
    };
}
