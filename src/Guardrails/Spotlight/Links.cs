using System.Buffers;
using System.Text;

namespace McpInfra.Guardrails.Spotlight;

/// <summary>
/// Takes the effect out of links and embedded content that others wrote: images and links whose target is no allowed host, schemes that run or carry something, HTML that loads or
/// leads somewhere. A bare address stays: it shows where it leads, and ids are addresses too.
/// </summary>
internal static class Links
{
    private static readonly SearchValues<string> Starts = SearchValues.Create(
        [.. "abcdefghijklmnopqrstuvwxyz".Select(letter => "<" + letter), "javascript:", "vbscript:", "data:", "![", "](", "]:"], StringComparison.OrdinalIgnoreCase);

    // Without one of these there is none of those, and few texts have them: seen at once.
    private static readonly SearchValues<char> Signs = SearchValues.Create("<!]");
    private static readonly SearchValues<string> Schemes = SearchValues.Create(["javascript:", "vbscript:", "data:"], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> Targets = SearchValues.Create(["](", "][", "]:"], StringComparison.Ordinal);

    /// <summary>The text with such links shown, not live; the same instance when there are none. Doing it twice equals doing it once.</summary>
    /// <param name="text">The text, without what is not seen.</param>
    /// <param name="hosts">Hosts that links may lead to, by name or `*.name`.</param>
    public static string Defang(string text, IReadOnlyList<string> hosts)
    {
        var at = text.AsSpan().ContainsAny(Signs) || text.AsSpan().ContainsAny(Schemes) ? text.AsSpan().IndexOfAny(Starts) : -1;
        if (at < 0)
        {
            return text;
        }

        // An image needs a target behind it; without one, "![" is code.
        var hasTargets = text.AsSpan().ContainsAny(Targets);
        var tags = new HtmlTags(text);
        var shown = new StringBuilder(text.Length + 16);
        var from = 0;
        while (at < text.Length)
        {
            var (keep, drop, insert) = text[at] == '<'
                ? tags.IsLive(at) || LinkTarget.IsActing(text.AsSpan(at + 1)) ? (0, 1, "&lt;") : (0, 0, "")
                : Edit(text.AsSpan(at), hasTargets, hosts);
            if (insert.Length > 0)
            {
                shown.Append(text, from, at + keep - from).Append(insert);
                from = at + keep + drop;
            }

            at++;
            var next = text.AsSpan(at).IndexOfAny(Starts);
            at = next < 0 ? text.Length : at + next;
        }

        return from == 0 ? text : shown.Append(text, from, text.Length - from).ToString();
    }

    /// <summary>How many characters stay, how many go, and what comes in their place; nothing when all stays.</summary>
    private static (int Keep, int Drop, string Insert) Edit(ReadOnlySpan<char> rest, bool hasTargets, IReadOnlyList<string> hosts) => rest[0] switch
    {
        '!' when hasTargets && !IsHarmlessImage(rest, hosts) => (1, 0, "\\"),
        ']' when LinkTarget.IsLive(rest[2..], hosts) => (1, 0, "\\"),
        'd' or 'D' when IsMedia(rest[5..]) => (4, 1, "(:)"),
        'j' or 'J' or 'v' or 'V' => (rest.IndexOf(':'), 1, "(:)"),
        _ => (0, 0, ""),
    };

    // One whose target stands right behind a plain description; what refers to a target elsewhere is never sure.
    private static bool IsHarmlessImage(ReadOnlySpan<char> rest, IReadOnlyList<string> hosts)
    {
        var end = rest[2..].IndexOfAny('[', ']') + 2;
        return end >= 2 && rest[end..].StartsWith("](") && !LinkTarget.IsLive(rest[(end + 2)..], hosts);
    }

    // data:text/html, not the key `data:` of YAML.
    private static bool IsMedia(ReadOnlySpan<char> rest)
    {
        var type = 0;
        while (type < rest.Length && char.IsAsciiLetter(rest[type]))
        {
            type++;
        }

        return type < rest.Length && (type > 0 ? rest[type] == '/' : rest[type] is ',' or ';');
    }
}
