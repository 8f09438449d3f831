namespace McpInfra.Guardrails.Injection.Reactions;

/// <summary>
/// Finds the smallest runs of fields that offend: by halves, so that one tag costs an answer one cell and not the page.
/// An order that is split over fields is a run of them.
/// </summary>
/// <param name="offends">Whether the fields from one number to before another offend; asked about O(log n) times for each.</param>
internal sealed class Culprits(Func<int, int, bool> offends)
{
    /// <summary>The culprits among so many fields that offend together, in order.</summary>
    public List<(int From, int To)> Among(int fields)
    {
        var found = new List<(int From, int To)>();
        Halve(0, fields, found);
        return found;
    }

    private void Halve(int from, int to, List<(int From, int To)> found)
    {
        if (to - from <= 1)
        {
            found.Add((from, to));
            return;
        }

        var middle = from + ((to - from) / 2);
        var (left, right) = (offends(from, middle), offends(middle, to));
        if (left)
        {
            Halve(from, middle, found);
        }

        if (right)
        {
            Halve(middle, to, found);
        }

        if (!left && !right)
        {
            found.Add(Narrowed(from, to));
        }
    }

    // Neither half alone: what is needed of both stays.
    private (int From, int To) Narrowed(int from, int to)
    {
        for (var step = (to - from) / 2; step > 0; step /= 2)
        {
            while (to - from > step && offends(from + step, to))
            {
                from += step;
            }

            while (to - from > step && offends(from, to - step))
            {
                to -= step;
            }
        }

        return (from, to);
    }
}
