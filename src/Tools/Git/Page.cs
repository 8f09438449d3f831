using System.Text;

namespace McpInfra.Tools.Git;

/// <summary>A part of a listing that fits an answer.</summary>
/// <param name="Heading">Our own words.</param>
/// <param name="Text">The repository's.</param>
/// <param name="Next">Position of the first line left out, 1 or more; null when nothing is.</param>
/// <param name="Fault">Why there is nothing to show, in our own words.</param>
internal sealed record Page(string Heading, string Text, int? Next, string? Fault = null)
{
    private const int MostBytes = 7_000;
    private const int MostLine = 600;

    public static Page Faulty(string fault) => new("", "", null, fault);

    /// <summary>The lines from a position on, as many as fit; each is cut at 600 characters.</summary>
    /// <param name="heading">Makes the heading from the positions shown, the first 0-based and the last exclusive.</param>
    /// <param name="lines">All lines.</param>
    /// <param name="from">The first to show.</param>
    public static Page Of(Func<int, int, string> heading, IReadOnlyList<string> lines, int from)
    {
        if (from > 0 && from >= lines.Count)
        {
            return Faulty("The cursor is past the end. Ask again without it.");
        }

        var text = new StringBuilder();
        var (index, bytes, cut) = (from, 0, false);
        for (; index < lines.Count; index++)
        {
            var line = lines[index];
            if (line.Length > MostLine)
            {
                line = line[..(char.IsHighSurrogate(line[MostLine - 1]) ? MostLine - 1 : MostLine)];
                cut = true;
            }

            bytes += Encoding.UTF8.GetByteCount(line) + 1;
            if (bytes > MostBytes && index > from)
            {
                break;
            }

            text.Append(line).Append('\n');
        }

        var words = heading(from, index) + (cut ? $" Lines longer than {MostLine} characters are cut." : "");
        return new Page(words, text.ToString(), index < lines.Count ? index : null);
    }
}
