using System.Buffers;

namespace McpInfra.Guardrails.Redaction;

/// <summary>Finds secrets in the columns of tables whose head names them: lines parted by commas, semicolons, tabs or bars, and rows that SQL inserts.</summary>
internal static class TableScan
{
    private const int LongestName = 40;
    private const int LongestLine = 4000;
    private const int MostColumns = 64;
    private const int MostRows = 1000;
    private static readonly SearchValues<char> OfNames = SearchValues.Create(Alphabet.Lower + Alphabet.Upper + Alphabet.Digit + " _-.`*\"'[]()");
    private static readonly SearchValues<char> Blanks = SearchValues.Create(" \t\r\n\\");
    private static readonly SearchValues<char> BetweenRows = SearchValues.Create(" \t\r\n,\\");
    private static readonly SearchValues<char> Ends = SearchValues.Create(",;|\t\n\r\\");

    /// <summary>Whether what stands between start and end may be the name of a column.</summary>
    public static bool MayHead(string text, int end)
    {
        var rest = text.AsSpan(end, Math.Min(LongestName, text.Length - end));
        return rest.IndexOfAnyExcept(OfNames) is var stop && (stop < 0 ? rest.Length < LongestName : Ends.Contains(rest[stop]));
    }

    /// <summary>Adds the secrets of the table whose head a name stands in, and returns up to where no head need be looked for again.</summary>
    public static int Run(string text, int start, Spans spans)
    {
        var from = Math.Max(0, start - LongestLine);
        var line = text.AsSpan(from, start - from).LastIndexOf('\n') is >= 0 and var before ? from + before + 1 : from;
        if (line == from && from > 0)
        {
            return start + LongestLine;
        }

        line = text.AsSpan(line, start - line).LastIndexOf("\\n") is >= 0 and var escaped ? line + escaped + 2 : line;
        line = text.AsSpan(line, start - line).LastIndexOf("\":") is >= 0 and var member ? line + member + 2 : line; // A whole file in a string.
        return Inserted(text, line, start, spans) ?? Lines(text, line, spans);
    }

    private static int Lines(string text, int line, Spans spans)
    {
        var stop = LineEnd(text, line);
        if (Part(text.AsSpan(line, stop - line)) is not { } part)
        {
            return stop;
        }

        Span<Range> cells = stackalloc Range[MostColumns];
        var head = text.AsSpan(line, stop - line);
        var columns = Cells(head, part, cells);
        var kinds = new SecretKind?[columns];
        for (var column = 0; column < columns; column++)
        {
            var name = Name(head[cells[column]]);
            if (columns < 2 || name.Length > LongestName || name.ContainsAnyExcept(OfNames))
            {
                return stop;
            }

            kinds[column] = SecretNames.KindOf(name);
        }

        if (line > 0 && LineBefore(text, line) is var (from, to) && Cells(text.AsSpan(from, to - from), part, cells) == columns)
        {
            return stop; // A row like those above it, not the head.
        }

        var (at, rows) = (Behind(text, stop), 0);
        if (part == '|' && at == Over(text, stop))
        {
            return stop; // Nothing rules the head off.
        }

        while (rows < MostRows && at < text.Length && LineEnd(text, at) is var close && close > at && Cells(text.AsSpan(at, close - at), part, cells) == columns)
        {
            for (var column = 0; column < columns; column++)
            {
                if (kinds[column] is { } kind)
                {
                    Add(text, at + cells[column].Start.Value, at + cells[column].End.Value, kind, spans);
                }
            }

            at = Behind(text, close);
            rows++;
        }

        return Math.Max(at, stop);
    }

    // INSERT INTO users (id, `password`) VALUES (1, 'x'), (2, 'y')
    private static int? Inserted(string text, int line, int start, Spans spans)
    {
        var head = text.AsSpan(line, Math.Min(LongestLine, text.Length - line));
        var open = head[..(start - line)].LastIndexOf('(');
        if (open < 0 || !head[..open].Contains("INSERT", StringComparison.OrdinalIgnoreCase) || head[open..].IndexOf(')') is not (> 0 and var close) || head[(open + close + 1)..].IndexOf("VALUES", StringComparison.OrdinalIgnoreCase) is not (>= 0 and < LongestName and var values)
            || head.Slice(open + close + 1, values).ContainsAnyExcept(Blanks))
        {
            return null;
        }

        Span<Range> cells = stackalloc Range[MostColumns];
        var names = head.Slice(open + 1, close - 1);
        var columns = Cells(names, ',', cells);
        var kinds = new SecretKind?[columns];
        for (var column = 0; column < columns; column++)
        {
            kinds[column] = SecretNames.KindOf(Name(names[cells[column]]));
        }

        var at = line + open + close + 1 + values + "VALUES".Length;
        for (var rows = 0; rows < MostRows; rows++)
        {
            at += text.AsSpan(at).IndexOfAnyExcept(BetweenRows) is >= 0 and var gap ? gap : text.Length - at;
            at += at + 1 < text.Length && text[at] == 'n' && text[at + 1] == '(' ? 1 : 0; // The letter of \n.
            if (at >= text.Length || text[at] != '(' || Tuple(text, at) is not (> 0 and var length) || Cells(text.AsSpan(at + 1, length - 1), ',', cells) != columns)
            {
                return at;
            }

            for (var column = 0; column < columns; column++)
            {
                if (kinds[column] is { } kind)
                {
                    Add(text, at + 1 + cells[column].Start.Value, at + 1 + cells[column].End.Value, kind, spans);
                }
            }

            at += length + 1;
        }

        return at;
    }

    // How far the bracket that closes it is, outside of quotes.
    private static int Tuple(string text, int at)
    {
        var quoted = false;
        var most = Math.Min(text.Length, at + LongestLine);
        for (var next = at; next < most; next++)
        {
            quoted ^= text[next] == '\'';
            if (!quoted && text[next] == ')')
            {
                return next - at;
            }
        }

        return 0;
    }

    private static void Add(string text, int start, int end, SecretKind kind, Spans spans)
    {
        var cell = text.AsSpan(start, end - start);
        start += cell.Length - cell.TrimStart(" \t\"'`*\\").Length;
        end = start + text.AsSpan(start, end - start).TrimEnd(" \t\"'`*\\").Length;
        if (end > start && SecretValues.IsSecret(text.AsSpan(start, end - start), kind, quoted: true))
        {
            spans.Add(start, end, kind.Name);
        }
    }

    private static ReadOnlySpan<char> Name(ReadOnlySpan<char> cell) => cell.Trim(" \t+-\"'`*\\[]");

    // What parts the cells of a head: the rarer signs first.
    private static char? Part(ReadOnlySpan<char> head) =>
        head.Contains('|') ? '|' : head.Contains('\t') || head.Contains("\\t", StringComparison.Ordinal) ? '\t' : head.Contains(';') ? ';' : head.Contains(',') ? ',' : null;

    // The cells of a line; what quotes hold is not parted. More than there is room for make none.
    private static int Cells(ReadOnlySpan<char> line, char part, Span<Range> cells)
    {
        var (count, start, quote) = (0, 0, '\0');
        for (var at = 0; at <= line.Length; at++)
        {
            var tab = part == '\t' && at + 1 < line.Length && line[at] == '\\' && line[at + 1] == 't';
            if (at == line.Length || tab || (quote == '\0' && line[at] == part))
            {
                if (count == cells.Length)
                {
                    return 0;
                }

                cells[count++] = start..at;
                at += tab ? 1 : 0;
                start = at + 1;
            }
            else if (line[at] is '"' or '\'' && (quote == line[at] || (quote == '\0' && line[start..at].Trim(" \t\\").IsEmpty)))
            {
                quote = quote == '\0' ? line[at] : '\0';
            }
        }

        return count;
    }

    private static (int From, int To) LineBefore(string text, int line)
    {
        var from = Math.Max(0, line - LongestLine);
        var before = text.AsSpan(from, line - from);
        before = before.EndsWith("\\n") ? before[..^2] : before.TrimEnd("\r\n");
        var start = before.LastIndexOf('\n') + 1;
        start += before[start..].LastIndexOf("\\n") is >= 0 and var escaped ? escaped + 2 : 0;
        return (from + start, from + before.Length);
    }

    private static int LineEnd(string text, int at)
    {
        var rest = text.AsSpan(at, Math.Min(LongestLine, text.Length - at));
        var end = rest.IndexOf('\n') is >= 0 and var plain ? plain : rest.Length;
        end = rest[..end].IndexOf("\\n") is >= 0 and var escaped ? escaped : end;
        return at + rest[..end].TrimEnd('\r').Length;
    }

    // Behind a line's end, and behind the line under the head of a table in Markdown.
    private static int Behind(string text, int end)
    {
        var at = Over(text, end);
        return at < text.Length && text[at] is '|' or '-' or ' ' or '+' && LineEnd(text, at) is var close && close > at && !text.AsSpan(at, close - at).ContainsAnyExcept(" |-:+") ? Over(text, close) : at;
    }

    private static int Over(string text, int end)
    {
        end += end < text.Length && text[end] == '\r' ? 1 : 0;
        return end + 1 < text.Length && text[end] == '\\' ? end + 2 : Math.Min(text.Length, end + 1);
    }
}
