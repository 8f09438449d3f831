using System.Buffers;

namespace McpInfra.Guardrails.Redaction;

/// <summary>Finds links that are a secret themselves: whoever has one may post to a hook, start a build, join or log in.</summary>
internal static class CapabilityUrl
{
    private const int Longest = 2000;
    private const int ShortestSegment = 16;
    private const int ShortestValue = 20;
    private const int ShortestOfHook = 10;
    private static readonly SearchValues<char> Stops = SearchValues.Create(" \t\r\n\"'<>`|\\)],;");

    // What stands somewhere before the random part of such a link.
    private static readonly SearchValues<string> Words = SearchValues.Create(["hook", "trigger", "ping.", "/integration/", "/receiver/", "/key/", "/private-", "/inputs/", "/incoming", "/invit", "/reset", "/magic", "/deploy/"], StringComparison.OrdinalIgnoreCase);

    /// <summary>Adds what makes the link behind a scheme one.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">Where its host begins.</param>
    /// <param name="spans">Takes what is found.</param>
    public static void Look(string text, int at, Spans spans)
    {
        var rest = text.AsSpan(at, Math.Min(Longest, text.Length - at));
        rest = rest.IndexOfAny(Stops) is >= 0 and var stop ? rest[..stop] : rest;
        rest = rest.IndexOf("://") is >= 0 and var next ? rest[..next] : rest;
        var path = rest.IndexOfAny("?#") is >= 0 and var query ? rest[..query] : rest;
        var word = path.Contains('/') ? path.IndexOfAny(Words) : -1;
        if (!Parameters(at, rest, path.Length, word < 0 ? ShortestValue : ShortestOfHook, spans) && word >= 0)
        {
            Segments(at, path, Math.Max(path.IndexOf('/'), path[word..].IndexOf('/') is >= 0 and var more ? word + more : path.Length), spans);
        }
    }

    // From the first random segment to the last.
    private static void Segments(int at, ReadOnlySpan<char> path, int from, Spans spans)
    {
        var (start, end) = (-1, 0);
        ReadOnlySpan<char> before = default;
        foreach (var range in path[from..].Split('/'))
        {
            var segment = path[from..][range];
            if (IsRandom(segment) && before is not ("commit" or "commits" or "tree" or "blob" or "raw" or "compare" or "archive" or "objects"))
            {
                start = start < 0 ? from + range.Start.Value : start;
                end = from + range.End.Value;
            }

            before = segment;
        }

        if (start >= 0)
        {
            spans.Add(at + start, at + end, "url-secret");
        }
    }

    private static bool Parameters(int at, ReadOnlySpan<char> link, int from, int shortest, Spans spans)
    {
        var any = false;
        while (from < link.Length)
        {
            var start = from + 1;
            var length = link[start..].IndexOfAny('&', '#') is >= 0 and var stop ? stop : link.Length - start;
            var parameter = link.Slice(start, length);
            if (parameter.IndexOf('=') is > 0 and var equals && parameter[..equals] is "code" or "key" or "auth" or "ticket" or "session" or "sid" && length - equals > shortest && SecretValues.LooksRandom(parameter[(equals + 1)..]))
            {
                spans.Add(at + start + equals + 1, at + start + length, "url-secret");
                any = true;
            }

            from = start + length;
        }

        return any;
    }

    private static bool IsRandom(ReadOnlySpan<char> segment) => segment.Length >= ShortestSegment && (Guid.TryParse(segment, out _) || SecretValues.LooksRandom(segment)) && !SecretValues.IsPlaceholder(segment);
}
