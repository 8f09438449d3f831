using System.Text;

namespace McpInfra.Guardrails.Injection;

/// <summary>Sentences that stand in the queries of links.</summary>
internal static class Queries
{
    private const int FewestWords = 4;
    private const string Opening = "://";

    /// <summary>The queries of a text that hold several words; null when there is none.</summary>
    public static string? Of(string text)
    {
        StringBuilder? words = null;
        var at = 0;
        while (at < text.Length && text.AsSpan(at).IndexOf(Opening) is >= 0 and var hit)
        {
            var link = text.AsSpan(at + hit);
            var end = link.IndexOfAny(" \"<>\n");
            link = end < 0 ? link : link[..end];
            at += hit + Math.Max(link.Length, Opening.Length);
            var query = link.IndexOf('?');
            if (query >= 0 && link[query..].Count('+') + link[query..].Count("%20") >= FewestWords)
            {
                (words ??= new StringBuilder()).Append(link[query..]).Replace('+', ' ').Replace('=', ' ').Replace('&', '\n').Append('\n');
            }
        }

        return words?.ToString();
    }
}
