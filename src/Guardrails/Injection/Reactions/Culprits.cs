namespace McpInfra.Guardrails.Injection.Reactions;

/// <summary>
/// Finds the smallest runs of fields (cells of rows, lines) that offend: by halves, so that one tag costs an answer one cell and not the page.
/// An order that is split over fields is a run of them.
/// </summary>
/// <param name="text">Everything that is looked at, in one piece.</param>
/// <param name="offends">Whether a run of it offends; asked about O(log n) lengths of the text.</param>
internal sealed class Culprits(string text, Func<Range, bool> offends)
{
    private const string Cell = " | ";

    // A text so long is withheld as a whole: halving it would score it many times.
    private const int Longest = 128 * 1024;

    /// <summary>The culprits within a range that offends, in order.</summary>
    public List<Range> Within(Range range)
    {
        var found = new List<Range>();
        if (range.End.Value - range.Start.Value > Longest)
        {
            found.Add(range);
            return found;
        }

        var fields = Fields(range);
        Halve(fields, 0, fields.Count, found);
        return found;
    }

    private void Halve(List<Range> fields, int from, int to, List<Range> found)
    {
        if (to - from == 1)
        {
            found.Add(fields[from]);
            return;
        }

        var middle = from + ((to - from) / 2);
        var (left, right) = (offends(Run(fields, from, middle)), offends(Run(fields, middle, to)));
        if (left)
        {
            Halve(fields, from, middle, found);
        }

        if (right)
        {
            Halve(fields, middle, to, found);
        }

        if (!left && !right)
        {
            found.Add(Narrowed(fields, from, to));
        }
    }

    // Neither half alone: what is needed of both stays.
    private Range Narrowed(List<Range> fields, int from, int to)
    {
        for (var step = (to - from) / 2; step > 0; step /= 2)
        {
            while (to - from > step && offends(Run(fields, from + step, to)))
            {
                from += step;
            }

            while (to - from > step && offends(Run(fields, from, to - step)))
            {
                to -= step;
            }
        }

        return Run(fields, from, to);
    }

    private static Range Run(List<Range> fields, int from, int to) => fields[from].Start..fields[to - 1].End;

    private List<Range> Fields(Range range)
    {
        var (fields, at, end) = (new List<Range>(), range.Start.Value, range.End.Value);
        while (at <= end)
        {
            var line = text.AsSpan(at..end).IndexOf('\n');
            var cell = text.AsSpan(at..(line < 0 ? end : at + line)).IndexOf(Cell);
            var (length, separator) = cell >= 0 ? (cell, Cell.Length) : line >= 0 ? (line, 1) : (end - at, 1);
            if (length > 0)
            {
                fields.Add(at..(at + length));
            }

            at += length + separator;
        }

        return fields.Count > 0 ? fields : [range];
    }
}
