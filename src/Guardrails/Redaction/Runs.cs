using System.Buffers;

namespace McpInfra.Guardrails.Redaction;

/// <summary>Finds long runs of some letters by looking at the end of where one could be first, so that ordinary words cost next to nothing.</summary>
internal static class Runs
{
    /// <summary>The first run of at least so many of the letters, from a position on; a length of 0 when there is none.</summary>
    public static (int Start, int Length) Next(ReadOnlySpan<char> text, int from, SearchValues<char> letters, int least)
    {
        var start = from;
        while (start + least <= text.Length)
        {
            var other = text.Slice(start, least).LastIndexOfAnyExcept(letters);
            if (other >= 0)
            {
                start += other + 1;
                continue;
            }

            var more = text[(start + least)..].IndexOfAnyExcept(letters);
            return (start, more < 0 ? text.Length - start : least + more);
        }

        return (text.Length, 0);
    }
}
