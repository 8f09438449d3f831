using System.Text;

namespace McpInfra.Guardrails.Injection;

/// <summary>What a structured text says when its quoted values, or its comments, are read one after another: orders split over fields come together.</summary>
internal static class Values
{
    private const int Fewest = 2;
    private const int Longest = 1 << 16;

    /// <summary>The quoted values as one text and the comments as another, where there are at least two.</summary>
    public static IEnumerable<string> Of(string text)
    {
        if (text.Contains('"') && Quoted(text) is { } values)
        {
            yield return values;
        }

        if (text.Contains('#') && Comments(text) is { } comments)
        {
            yield return comments;
        }
    }

    private static string? Quoted(string text)
    {
        var joined = new StringBuilder();
        var count = 0;
        var at = 0;
        while (at < text.Length && joined.Length < Longest && text.AsSpan(at).IndexOf('"') is >= 0 and var hit)
        {
            var open = at + hit + 1;
            var close = open;
            while (close < text.Length && text[close] != '"' && text[close] != '\n')
            {
                close += text[close] == '\\' ? 2 : 1;
            }

            close = Math.Min(close, text.Length);
            var after = close + 1;
            while (after < text.Length && text[after] == ' ')
            {
                after++;
            }

            // A string before a colon is a key.
            if (after >= text.Length || text[after] != ':')
            {
                joined.Append(text, open, close - open).Append(' ');
                count++;
            }

            at = close + 1;
        }

        return count >= Fewest ? joined.ToString() : null;
    }

    private static string? Comments(string text)
    {
        var joined = new StringBuilder();
        var count = 0;
        foreach (var line in text.AsSpan(0, Math.Min(text.Length, Longest)).EnumerateLines())
        {
            var trimmed = line.TrimStart();
            if (trimmed.StartsWith("# ") || trimmed.StartsWith("// "))
            {
                joined.Append(trimmed[2..]).Append(' ');
                count++;
            }
        }

        return count >= Fewest ? joined.ToString() : null;
    }
}
