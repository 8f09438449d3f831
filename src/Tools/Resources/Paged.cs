using McpInfra.Guardrails;

namespace McpInfra.Tools.Resources;

/// <summary>A list of lines under a heading.</summary>
/// <param name="Heading">In our own words.</param>
/// <param name="Source">What the lines are, in our own words.</param>
/// <param name="Lines">Others' text, one line each.</param>
internal sealed record Section(string Heading, string Source, IReadOnlyList<string> Lines);

/// <summary>Lays sections out in pages that an answer can hold.</summary>
internal static class Paged
{
    private const int UsualBytes = 6500;

    /// <summary>The lines from an offset that fit, and the offset of the next page or null.</summary>
    public static (List<Part> Parts, long? Next) Of(IReadOnlyList<Section> sections, long offset, int most = UsualBytes)
    {
        var parts = new List<Part>();
        var (at, bytes) = (0L, 0);
        foreach (var section in sections)
        {
            var shown = new List<string>();
            foreach (var line in section.Lines)
            {
                if (at >= offset)
                {
                    bytes += Lines.Bytes(line);
                    if (bytes > most && parts.Count + shown.Count > 0)
                    {
                        Add(parts, section, shown);
                        return (parts, at);
                    }

                    shown.Add(line);
                }

                at++;
            }

            Add(parts, section, shown);
        }

        return (parts, null);
    }

    private static void Add(List<Part> parts, Section section, List<string> shown)
    {
        if (shown.Count > 0)
        {
            parts.Add(new Part(Trust.Own, section.Heading));
            parts.Add(new Part(Trust.Tenant, string.Join('\n', shown), section.Source));
        }
    }
}
