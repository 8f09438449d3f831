namespace McpInfra.Guardrails.Injection;

/// <summary>What a structured text says when its quoted values, or its comments, are read one after another: orders split over fields come together.</summary>
internal static class Values
{
    private const int Fewest = 2;

    /// <summary>Reads the quoted values, where there are at least two.</summary>
    public static bool Quoted(ReadOnlySpan<char> text, View view)
    {
        view.Name = "values";
        var count = 0;
        var at = 0;
        while (at < text.Length && view.Length < View.Most && text[at..].IndexOf('"') is >= 0 and var hit)
        {
            var open = at + hit + 1;
            var close = open;
            while (close < text.Length && text[close..].IndexOfAny('"', '\n', '\\') is var stop)
            {
                close = stop < 0 ? text.Length : close + stop;
                if (stop < 0 || text[close] != '\\')
                {
                    break;
                }

                close += 2;
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
                view.Add(text[open..close], open);
                view.Add(' ', close, close);
                count++;
            }

            at = close + 1;
        }

        return count >= Fewest;
    }

    /// <summary>Reads the comments, where there are at least two.</summary>
    public static bool Comments(ReadOnlySpan<char> text, View view)
    {
        view.Name = "comments";
        var count = 0;
        if (!text.Contains('#'))
        {
            return false;
        }

        var cut = text[..Math.Min(text.Length, View.Most)];
        var at = 0;
        foreach (var line in cut.EnumerateLines())
        {
            cut.Overlaps(line, out at);
            var trimmed = line.TrimStart();
            if (trimmed.StartsWith("# ") || trimmed.StartsWith("// "))
            {
                var start = at + line.Length - trimmed.Length + 2;
                view.Add(trimmed[2..], start);
                view.Add(' ', start + trimmed.Length - 2, start + trimmed.Length - 2);
                count++;
            }
        }

        return count >= Fewest;
    }
}
