using System.Text;

namespace McpInfra.Tools.Plans.Cloud.Bearer;

/// <summary>Path and query of a request, decoded once and refused where two servers could read them differently.</summary>
/// <param name="Segments">Decoded segments of the path; a trailing slash is none.</param>
/// <param name="Query">Decoded names and values, in order.</param>
internal sealed record RequestPath(IReadOnlyList<string> Segments, IReadOnlyList<(string Name, string Value)> Query)
{
    private const int Most = 16 << 10;

    /// <summary>Reads a target; null for one with dot or empty segments, an encoded slash, control characters, or bytes that are no UTF-8.</summary>
    /// <param name="target">Path and query as sent.</param>
    /// <param name="slashes">Whether a segment may hold an encoded slash, as names of stored objects do.</param>
    public static RequestPath? Read(string target, bool slashes = false)
    {
        if (target.Length > Most || target.Contains('#', StringComparison.Ordinal) || target.Contains('\\', StringComparison.Ordinal))
        {
            return null;
        }

        var mark = target.IndexOf('?', StringComparison.Ordinal);
        var path = (mark < 0 ? target : target[..mark]).TrimEnd('/');
        var segments = path.Length == 0 ? [] : path[1..].Split('/').Select(part => Decoded(part, plus: false)).ToList();
        if (segments.Any(part => part is null or "" or "." or ".." || part.Contains('\\', StringComparison.Ordinal) || (!slashes && part.Contains('/', StringComparison.Ordinal))))
        {
            return null;
        }

        var query = (mark < 0 ? "" : target[(mark + 1)..]).Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)).Select(pair => (Decoded(pair[0], plus: true), pair.Length == 2 ? Decoded(pair[1], plus: true) : "")).ToList();
        return query.Any(pair => pair.Item1 is null || pair.Item2 is null) ? null : new RequestPath(segments!, [.. query.Select(pair => (pair.Item1!, pair.Item2!))]);
    }

    private static string? Decoded(string text, bool plus)
    {
        var bytes = new List<byte>(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '%')
            {
                bytes.Add((byte)(plus && text[at] == '+' ? ' ' : text[at]));
            }
            else if (at + 2 < text.Length && char.IsAsciiHexDigit(text[at + 1]) && char.IsAsciiHexDigit(text[at + 2]))
            {
                bytes.Add(Convert.ToByte(text.Substring(at + 1, 2), 16));
                at += 2;
            }
            else
            {
                return null;
            }
        }

        try
        {
            // What is encoded twice is plain to nobody or to everybody.
            var decoded = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString([.. bytes]);
            return decoded.Any(char.IsControl) || (!plus && decoded.Contains('%', StringComparison.Ordinal)) ? null : decoded;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
