using System.Buffers;

namespace McpInfra.Guardrails.Redaction;

/// <summary>Where the value of a name stands.</summary>
/// <param name="At">Where to read it.</param>
/// <param name="Line">Whether an unquoted value runs to the end of its line; else it ends at white space.</param>
/// <param name="Link">Whether it is a parameter of a link, which ends at the next one.</param>
/// <param name="Element">Whether it is the text of an XML element.</param>
/// <param name="Prose">Whether a sentence says it, so that it must look random.</param>
internal readonly record struct Place(int At, bool Line = false, bool Link = false, bool Element = false, bool Prose = false);

/// <summary>Finds where the value of a name stands.</summary>
internal static class Assigned
{
    private const int Reach = 400;
    private const int Gap = 120;
    private const int LongestPath = 200;
    private const int LongestType = 32;
    private const int LongestTag = 48;
    private const int LongestIndent = 16;
    private const int ShortestWord = 12;
    private const int LongestWord = 200;
    private static readonly SearchValues<char> TypeLetters = SearchValues.Create(Alphabet.Lower + Alphabet.Upper + Alphabet.Digit + "_&?[]<>: ");

    /// <summary>The place of the value that is assigned to the name between start and end, or null.</summary>
    public static Place? After(string text, int start, int end)
    {
        if (end + 1 < text.Length && text[end] == '\\' && text[end + 1] == 'n')
        {
            return null; // The line ends with it.
        }

        var at = Skip(text, end, "\\\"'`)]*");
        var spaced = Skip(text, at, " \t");
        if (at + 2 < text.Length && text[at] == '.' && text[at + 1] == '.' && text[at + 2] == '.')
        {
            return new Place(Skip(text, at, "."), Prose: true); // A dotted line leads to it.
        }

        if (spaced < text.Length && text[spaced] is ':' or '=' or '?' or '|')
        {
            return (text[spaced] == ':' ? Typed(text, spaced + 1) : null) ?? Separated(text, start, spaced) ?? Cell(text, start, spaced);
        }

        if (spaced < text.Length && text[spaced] == ',' && spaced == at && (start == 0 || text[start - 1] == '\n'))
        {
            return new Place(spaced + 1, Prose: true);
        }

        if (at > end && spaced < text.Length && text[spaced] == ',' && start > 0 && text[start - 1] is '\'' or '"' && Argument(text, spaced) is { } argument)
        {
            return argument;
        }

        // setToken("x")
        if (at == end && at < text.Length && text[at] == '(' && Skip(text, at + 1, "\\") is var given && given < text.Length && text[given] is '"' or '\'')
        {
            return new Place(at + 1, Prose: true);
        }

        if (spaced < text.Length && text[spaced] is '-' && text.AsSpan(spaced).StartsWith("=>") is false && text.AsSpan(spaced).StartsWith("->"))
        {
            return null;
        }

        if (spaced < text.Length && text[spaced] == '<' && text.AsSpan(spaced).StartsWith("</") && Tagged(text, spaced) is > 0 and var cell)
        {
            return new Place(cell, Element: true, Prose: true);
        }

        if (at < text.Length && text[at] is '>' or ' ' && TagEnd(text, start, at) is > 0 and var tag)
        {
            return new Place(tag, Element: true);
        }

        if (start < text.Length && text[start] == '-' && spaced > end && spaced < text.Length && text[spaced] is not '-' and not '\n')
        {
            return new Place(spaced);
        }

        return Spoken(text, start, end, spaced) ?? Typed(text, spaced) ?? Told(text, start, end, spaced) ?? (Names(text, start) ? Paired(text, end) : null) ?? Defaulted(text, end);
    }

    private static Place? Separated(string text, int start, int at)
    {
        if (text.AsSpan(at).StartsWith(":?"))
        {
            return null; // ${NAME:?what the shell says when it is not set}
        }

        var colon = text[at] == ':';
        var after = at;
        while (after < text.Length && after - at < 3 && text[after] is ':' or '=' or '>' or '?' or '|' or '~')
        {
            after++;
        }

        if (text.AsSpan(at, after - at).IndexOfAny(":=") < 0)
        {
            return null;
        }

        // arn:…:secret:name and its like: a segment, not a name.
        if (colon && start > 0 && text[start - 1] == ':' && after < text.Length && !char.IsWhiteSpace(text[after]))
        {
            return null;
        }

        var link = start > 0 && text[start - 1] is '?' or '&' or ';';
        after = Skip(text, after, " \t");
        after += after + 3 < text.Length && text[after] == '*' && text[after + 1] == '*' && text[after + 2] == ' ' ? 3 : 0;
        return Tagged(text, after) is > 0 and var inside ? new Place(inside, Element: true) : new Place(Inner(text, after), Line: colon, Link: link);
    }

    // ('NAME', 'value') in a call or a row of SQL; in a list of words the next one does not look random.
    private static Place? Argument(string text, int comma)
    {
        var place = Skip(text, comma + 1, " ");
        var at = Skip(text, place, "\\");
        if (at >= text.Length || text[at] is not ('\'' or '"') || text.AsSpan(at + 1).IndexOfAny(text[at], '\n') is not (>= 0 and var length))
        {
            return null;
        }

        // A string before a colon is a name.
        return Skip(text, at + length + 2, " ") is var after && after < text.Length && text[after] == ':' ? null : new Place(place, Prose: true);
    }

    // | `NAME` | `value` |, a row of a table.
    private static Place? Cell(string text, int start, int at)
    {
        while (start > 0 && text[start - 1] is ' ' or '`' or '*')
        {
            start--;
        }

        return text[at] == '|' && start > 0 && text[start - 1] == '|' ? new Place(Skip(text, at + 1, " "), Prose: true) : null;
    }

    // "name": { "value": "x" }, as templates write their parameters.
    private static int Inner(string text, int at)
    {
        if (at >= text.Length || text[at] != '{')
        {
            return at;
        }

        var inside = Skip(text, at + 1, " \t\r\n\\");
        foreach (var name in (ReadOnlySpan<string>)["\"value\"", "\"defaultValue\"", "\"default\"", "\"stringValue\""])
        {
            if (text.AsSpan(inside).StartsWith(name, StringComparison.OrdinalIgnoreCase) && Skip(text, inside + name.Length, " \t") is var colon && colon < text.Length && text[colon] == ':')
            {
                return Skip(text, colon + 1, " \t");
            }
        }

        return at;
    }

    // <code>value, <td>value: behind a tag, or behind the one that closes the name and the one that opens the value.
    private static int Tagged(string text, int at)
    {
        var holds = false;
        while (at < text.Length && text[at] == '<' && text.AsSpan(at, Math.Min(LongestTag, text.Length - at)).IndexOf('>') is > 1 and var close)
        {
            var tag = text.AsSpan(at + 1, close - 1);
            tag = tag.IndexOf(' ') is > 0 and var attributes ? tag[..attributes] : tag;
            holds = tag is "td" or "dd" or "code" or "kbd" or "span" or "b" or "strong" or "tt" or "pre" or "p" or "string" or "value" or "data";
            if (!holds && tag[0] != '/')
            {
                return -1;
            }

            at = Skip(text, at + close + 1, " \t\r\n");
        }

        return holds ? at : -1;
    }

    // name: &str = "x", name string = 'x': a type stands between.
    private static Place? Typed(string text, int at)
    {
        var type = text.AsSpan(at, Math.Min(LongestType, text.Length - at));
        var equals = type.IndexOfAnyExcept(TypeLetters);
        return equals > 1 && type[equals] == '=' && Skip(text, at + equals + 1, " ") is var value && Skip(text, value, "\\") is var quote && quote < text.Length && text[quote] is '"' or '\'' or '`' ? new Place(value) : null;
    }

    // NAME "x" and NAME x alone on a line, "name" to "x", set NAME --body x
    private static Place? Told(string text, int start, int end, int at)
    {
        if (at == end || at >= text.Length)
        {
            return null;
        }

        if (Skip(text, at, "\\") is var quote && quote < text.Length && text[quote] is '"' or '\'' && text[at - 1] is ' ' or '\t')
        {
            return new Place(at, Prose: true);
        }

        var line = text.AsSpan(at, Math.Min(Reach, text.Length - at));
        line = line.IndexOf('\n') is >= 0 and var length ? line[..length] : line;
        line = line.IndexOf("\\n") is >= 0 and var escaped ? line[..escaped] : line;
        if (line.StartsWith("to \""))
        {
            return new Place(at + 3, Prose: true);
        }

        if (line.StartsWith("--"))
        {
            foreach (var option in (ReadOnlySpan<string>)["--value", "--body", "--secret-string", "--secret-value", "--from-literal"])
            {
                if (line.IndexOf(option) is >= 0 and var hit && hit + option.Length < line.Length && line[hit + option.Length] is ' ' or '=')
                {
                    return new Place(at + hit + option.Length + 1);
                }
            }

            return null;
        }

        var before = text.AsSpan(Math.Max(0, start - LongestIndent), start - Math.Max(0, start - LongestIndent)).TrimEnd(" \t+-#>");
        return (before.IsEmpty ? start < LongestIndent : before[^1] == '\n' || before.EndsWith("\\n")) && !line.TrimEnd().Contains(' ') ? new Place(at, Prose: true) : null;
    }

    // Behind the tag that the name stands in: <name a="b">, <string name="name">; 0 when it stands in none.
    private static int TagEnd(string text, int start, int at)
    {
        if (text[at] == '>' && Opens(text, start))
        {
            return at + 1;
        }

        var rest = text.AsSpan(at, Math.Min(LongestPath, text.Length - at));
        var close = rest.IndexOfAny('<', '>', '\n');
        if (close < 0 || rest[close] != '>' || (close > 0 && rest[close - 1] is '/' or '-' or '=' or '%' or '?'))
        {
            return 0;
        }

        var before = text.AsSpan(Math.Max(0, start - LongestPath), Math.Min(start, LongestPath));
        return Opens(text, start) || (before.LastIndexOfAny('<', '>', '\n') is >= 0 and var open && before[open] == '<' && before.TrimEnd('\\') is [.., '"' or '\''] && before[open..].Contains('=')) ? at + close + 1 : 0;
    }

    private static bool Opens(string text, int start)
    {
        var named = start;
        while (start > 0 && named - start < LongestPath && (char.IsLetterOrDigit(text[start - 1]) || text[start - 1] is ':' or '_'))
        {
            start--;
        }

        return start > 0 && text[start - 1] == '<';
    }

    // PASSWORD 'x' in SQL, `login a password b` in .netrc, "the password is x".
    private static Place? Spoken(string text, int start, int end, int at)
    {
        if (at >= text.Length || at == end)
        {
            return null;
        }

        var rest = text.AsSpan(at);
        return text[at] == '\'' && char.IsAsciiLetterUpper(text[start]) ? new Place(at)
            : rest.StartsWith("is ", StringComparison.OrdinalIgnoreCase) ? new Place(at + 3, Prose: true)
            : rest.StartsWith("was ", StringComparison.OrdinalIgnoreCase) ? new Place(at + 4, Prose: true)
            : text[at] != '-' && Sets(text.AsSpan(Math.Max(0, start - 8), Math.Min(start, 8))) ? new Place(at)
            : Numbered(text, at) is > 0 and var key ? new Place(key, Prose: true)
            : IsCoined(rest) ? new Place(at, Prose: true)
            : text.AsSpan(Math.Max(0, start - 80), start - Math.Max(0, start - 80)).LastIndexOf("login ") is >= 0 and var login && text.AsSpan(Math.Max(0, start - 80) + login, start - Math.Max(0, start - 80) - login).Count(' ') == 2 ? new Place(at)
            : null;
    }

    // Before NAME value, in Dockerfiles and shells.
    private static bool Sets(ReadOnlySpan<char> before) => before.EndsWith(" set ") || before.EndsWith("ENV ") || before.EndsWith("setenv ", StringComparison.OrdinalIgnoreCase) || before.EndsWith("variable ");

    // key 1 md5 value, as routers write the number and the algorithm of a key before it; 0 for none.
    private static int Numbered(string text, int at)
    {
        var digits = Skip(text, at, Alphabet.Digit);
        var word = digits > at && digits - at <= 3 ? Skip(text, digits, " ") : digits == at ? at : 0;
        var rest = word > 0 && word < text.Length ? text.AsSpan(word) : default;
        return rest.StartsWith("md5 ") ? word + 4 : rest.StartsWith("sha", StringComparison.Ordinal) && rest.IndexOf(' ') is > 0 and < 14 and var space ? word + space + 1 : digits > at && word > digits ? word : 0;
    }

    // A word that nobody speaks: long, with capitals, small letters and digits among each other.
    private static bool IsCoined(ReadOnlySpan<char> rest)
    {
        var word = rest[..Math.Min(LongestWord, rest.Length)];
        word = word.IndexOfAny(" \t\n\\") is >= 0 and var stop ? word[..stop] : word;
        return word.Length >= ShortestWord && word.IndexOfAny("=(:/") < 0 && word.ContainsAnyInRange('0', '9') && word.ContainsAnyInRange('a', 'z') && word.ContainsAnyInRange('A', 'Z') && SecretValues.LooksRandom(word);
    }

    // Whether what stands here is itself the value of `name` or `key`.
    private static bool Names(string text, int start)
    {
        // The name of a parameter may be a path: /prod/db/password.
        var named = start;
        while (start > 0 && named - start < LongestPath && (char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] is '/' or '_' or '-' or '.'))
        {
            start--;
        }

        var before = text.AsSpan(Math.Max(0, start - 24), start - Math.Max(0, start - 24)).TrimEnd("\\\"'` ");
        return before.Length > 0 && before[^1] is ':' or '=' && before[..^1].TrimEnd("\\\"'` ") is var name
            && (name.EndsWith("name", StringComparison.OrdinalIgnoreCase) || name.EndsWith("key", StringComparison.OrdinalIgnoreCase));
    }

    // {"name": "DB_PASSWORD", "value": "x"} and its YAML.
    private static Place? Paired(string text, int end)
    {
        var at = Skip(text, end, "\\\"'`, \t\r\n+");
        at = at < text.Length && at > 0 && text[at] == 'n' && text[at - 1] == '\\' ? Skip(text, at + 1, "\\\"'`, \t\r\n") : at;
        if (at == end)
        {
            return null;
        }

        foreach (var name in (ReadOnlySpan<string>)["value", "val", "ParameterValue", "content", "string_value", "stringValue", "example", "default"])
        {
            if (text.AsSpan(at).StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                var separator = Skip(text, at + name.Length, "\\\"'` \t");
                return separator < text.Length && text[separator] is ':' or '=' ? new Place(Skip(text, separator + 1, " \t"), Line: text[separator] == ':') : null;
            }
        }

        // Other fields of the same object may stand between.
        var between = text.AsSpan(at, Math.Min(Gap, text.Length - at));
        var close = between.IndexOfAny('{', '}');
        var value = (close < 0 ? between : between[..close]).IndexOf("\"value\"", StringComparison.OrdinalIgnoreCase);
        var colon = value < 0 ? -1 : Skip(text, at + value + 7, " \t");
        return colon >= 0 && colon < text.Length && text[colon] == ':' ? new Place(Skip(text, colon + 1, " \t")) : null;
    }

    // variable "db_password" { default = "x" }
    private static Place? Defaulted(string text, int end)
    {
        var at = Skip(text, end, "\\\" \t");
        if (at >= text.Length || text[at] != '{' || at == end)
        {
            return null;
        }

        var braces = at;

        var body = text.AsSpan(at, Math.Min(Reach, text.Length - at));
        var close = body.IndexOf('}');
        body = close < 0 ? body : body[..close];
        var word = body.IndexOf("default");
        var equals = word < 0 ? -1 : body[word..].IndexOf('=');
        return equals is < 0 or > 20 ? new Place(braces) : new Place(Skip(text, at + word + equals + 1, " \t"));
    }

    private static int Skip(string text, int at, ReadOnlySpan<char> letters)
    {
        while (at < text.Length && letters.Contains(text[at]))
        {
            at++;
        }

        return at;
    }
}
