namespace McpInfra.Guardrails.Injection.Reactions;

/// <summary>The cells of rows and the lines of a text, in the order of writing and column by column.</summary>
internal static class Cells
{
    private const string Separator = " | ";
    private const int FewestRows = 2;

    /// <summary>Those within a range of the text, in order; all of the range when there are none.</summary>
    public static List<Range> Of(string text, Range range)
    {
        var cells = Rows(text, range).SelectMany(row => row).ToList();
        return cells.Count > 0 ? cells : [range];
    }

    /// <summary>Those of rows within a range, one column after the other: names after names, whatever stands between them in their rows. None when there are no rows.</summary>
    public static List<Range> ByColumn(string text, Range range)
    {
        if (!text.AsSpan(range).Contains(Separator, StringComparison.Ordinal))
        {
            return [];
        }

        var rows = Rows(text, range).Where(row => row.Count > 1).ToList();
        var columns = rows.Count < FewestRows ? 0 : rows.Max(row => row.Count);
        return [.. Enumerable.Range(0, columns).SelectMany(column => rows.Where(row => row.Count > column).Select(row => row[column]))];
    }

    private static IEnumerable<List<Range>> Rows(string text, Range range)
    {
        for (int at = range.Start.Value, end = range.End.Value; at <= end;)
        {
            var stop = text.AsSpan(at..end).IndexOf('\n') is >= 0 and var length ? at + length : end;
            var row = new List<Range>();
            foreach (var cell in text.AsSpan(at..stop).Split(Separator))
            {
                if (cell.End.Value > cell.Start.Value)
                {
                    row.Add((at + cell.Start.Value)..(at + cell.End.Value));
                }
            }

            yield return row;
            at = stop + 1;
        }
    }
}
