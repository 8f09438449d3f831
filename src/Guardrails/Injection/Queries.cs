namespace McpInfra.Guardrails.Injection;

/// <summary>Sentences that stand in the queries of links.</summary>
internal static class Queries
{
    private const int FewestWords = 4;
    private const string Opening = "://";

    /// <summary>Reads the queries of a text that hold several words; false when there is none.</summary>
    public static bool Read(ReadOnlySpan<char> text, View view)
    {
        view.Name = "links";
        var at = 0;
        while (at < text.Length && view.Length < View.Most && text[at..].IndexOf(Opening) is >= 0 and var hit)
        {
            var start = at + hit;
            var link = text[start..];
            var end = link.IndexOfAny(" \"<>\n");
            link = end < 0 ? link : link[..end];
            at = start + Math.Max(link.Length, Opening.Length);
            var query = link.IndexOf('?');
            if (query >= 0 && link[query..].Count('+') + link[query..].Count("%20") >= FewestWords)
            {
                for (var place = query; place < link.Length; place++)
                {
                    view.Add(link[place] switch { '+' or '=' => ' ', '&' => '\n', var other => other }, start + place, start + place + 1);
                }

                view.Add('\n', at, at);
            }
        }

        return view.Length > 0;
    }
}
