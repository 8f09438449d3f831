using System.Globalization;
using McpInfra.Graph.Queries;
using McpInfra.Guardrails;

namespace McpInfra.Tools.Resources;

/// <summary>Every section in few words: its first lines, and how many more there are. What a short section leaves of its share goes to the longer ones.</summary>
internal static class Overview
{
    /// <summary>With headings, frames and notes, an answer of under 1,000 tokens.</summary>
    private const int MostTokens = 560;

    /// <summary>The parts, whether any section was cut, and the sections of which nothing is known.</summary>
    public static (List<Part> Parts, bool IsCut, string Unknown) Of(IReadOnlyList<ResourceSection> names, ResourceDetails details)
    {
        var (parts, isCut) = (new List<Part>(), false);
        var widths = names.Select(_ => new Width(whole: false)).ToList();
        var sections = names.Zip(widths, (name, width) => ResourceText.Of(name, details, width)).ToList();
        var shares = Shares([.. sections.Select(section => section.Lines.Sum(Lines.Tokens))]);
        for (var at = 0; at < sections.Count; at++)
        {
            var text = sections[at];
            var tokens = 0;
            var shown = text.Lines.TakeWhile((line, number) => (tokens += Lines.Tokens(line)) <= shares[at] || number == 0).ToList();
            if (shown.Count == 0)
            {
                continue;
            }

            parts.Add(new Part(Trust.Own, text.Heading));
            parts.Add(new Part(Trust.Tenant, string.Join('\n', shown), text.Source));
            if (LeftOut(text.Lines.Count - shown.Count, widths[at].LeftOut) is { } leftOut)
            {
                isCut = true;
                parts.Add(new Part(Trust.Own, $"{leftOut}: the same call with sections [{names[at].ToString().ToLowerInvariant()}]."));
            }
        }

        return (parts, isCut, string.Join(", ", names.Where((_, at) => sections[at].Lines.Count == 0).Select(name => name.ToString().ToLowerInvariant())));
    }

    private static string? LeftOut(int lines, long characters) => (lines, characters) switch
    {
        (0, 0) => null,
        (_, 0) => $"{lines} more lines",
        (0, _) => string.Create(CultureInfo.InvariantCulture, $"{characters} characters of long values left out"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{lines} more lines, and {characters} characters of long values left out"),
    };

    /// <summary>Tokens for each: all it needs where that is less than an equal share of what is left.</summary>
    private static int[] Shares(int[] needs)
    {
        var (shares, left) = (new int[needs.Length], MostTokens);
        var byNeed = Enumerable.Range(0, needs.Length).Where(at => needs[at] > 0).OrderBy(at => needs[at]).ToList();
        for (var at = 0; at < byNeed.Count; at++)
        {
            shares[byNeed[at]] = Math.Min(needs[byNeed[at]], left / (byNeed.Count - at));
            left -= shares[byNeed[at]];
        }

        return shares;
    }
}
