namespace McpInfra.Graph.Queries;

/// <summary>The lines of a passage that hold most of the words.</summary>
internal static class Snippet
{
    private const int MostText = 360;
    private const int MostLines = 3;

    /// <summary>How far into the passage the snippet begins, and its text in one line.</summary>
    public static (int Line, string Text) Of(string passage, IReadOnlyList<string> words)
    {
        var lines = passage.Split('\n');
        // Words are stemmed where they are found, so that their beginnings are what can be told again here.
        var stems = words.Select(word => word.Length > 5 ? word[..^2] : word).ToList();
        var best = Enumerable.Range(0, lines.Length).OrderByDescending(at => Count(lines[at], stems)).ThenBy(at => at).First();
        var text = string.Join(" ", lines.Skip(best).Take(MostLines).Select(line => line.Trim()).Where(line => line.Length > 0));
        return (best, text.Length > MostText ? text[..MostText] + "…" : text);
    }

    // A heading says where one is; what it says is below.
    private static double Count(string line, List<string> stems) =>
        stems.Count(stem => line.Contains(stem, StringComparison.OrdinalIgnoreCase)) - (line.StartsWith('#') ? 0.5 : 0);
}
