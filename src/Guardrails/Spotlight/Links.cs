using System.Buffers;
using System.Text;

namespace McpInfra.Guardrails.Spotlight;

/// <summary>Takes the effect out of links and embedded content that others wrote: images that a client would fetch, schemes that run or carry something, HTML that loads.</summary>
internal static class Links
{
    private const int LongestTarget = 64;
    private static readonly string[] Elements = ["<img", "<iframe", "<script", "<object", "<embed", "<svg", "<video", "<audio", "<link", "<style", "<source", "<picture", "<base", "<meta", "<form", "<input"];
    private static readonly SearchValues<string> Starts = SearchValues.Create([.. Elements, "javascript:", "vbscript:", "data:", "![", "](", "]:"], StringComparison.OrdinalIgnoreCase);
    private static readonly SearchValues<string> Targets = SearchValues.Create(["](", "][", "]:"], StringComparison.Ordinal);

    /// <summary>The text with such links shown, not live; the same instance when there are none. Doing it twice equals doing it once.</summary>
    public static string Defang(string text)
    {
        var at = text.AsSpan().IndexOfAny(Starts);
        if (at < 0)
        {
            return text;
        }

        // An image needs a target behind it; without one, "![" is code.
        var hasTargets = text.AsSpan().ContainsAny(Targets);
        var shown = new StringBuilder(text.Length + 16);
        var from = 0;
        while (at < text.Length)
        {
            if (Edit(text.AsSpan(at), hasTargets) is var (keep, drop, insert) && insert.Length > 0)
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
    private static (int Keep, int Drop, string Insert) Edit(ReadOnlySpan<char> rest, bool hasTargets) => rest[0] switch
    {
        '!' when hasTargets => (1, 0, "\\"),
        ']' when IsLive(rest[2..]) => (1, 0, "\\"),
        '<' when IsElement(rest) => (0, 1, "&lt;"),
        'd' or 'D' when IsMedia(rest[5..]) => (4, 1, "(:)"),
        'j' or 'J' or 'v' or 'V' => (rest.IndexOf(':'), 1, "(:)"),
        _ => (0, 0, ""),
    };

    private static bool IsElement(ReadOnlySpan<char> rest)
    {
        foreach (var element in Elements)
        {
            if (rest.StartsWith(element, StringComparison.OrdinalIgnoreCase) && (rest.Length == element.Length || !char.IsAsciiLetterOrDigit(rest[element.Length])))
            {
                return true;
            }
        }

        return false;
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

    // A destination of another scheme than the web's, or one that spells its scheme with entities.
    private static bool IsLive(ReadOnlySpan<char> rest)
    {
        var target = rest.TrimStart(" \t\n<");
        target = target[..Math.Min(LongestTarget, target.Length)];
        var end = target.IndexOfAny(" \t\n)");
        target = end < 0 ? target : target[..end];
        var stop = target.IndexOfAny("/?#:");
        var scheme = stop < 0 ? target : target[..stop];
        return Spelt(stop < 0 ? scheme : target[..Math.Min(target.Length, stop + 1)]) || (stop > 0 && target[stop] == ':' && IsScheme(scheme) && !IsWeb(scheme));
    }

    private static bool Spelt(ReadOnlySpan<char> scheme) =>
        scheme.Contains("&#", StringComparison.Ordinal) || scheme.Contains("&colon", StringComparison.OrdinalIgnoreCase) || scheme.Contains("&tab", StringComparison.OrdinalIgnoreCase) || scheme.Contains("&newline", StringComparison.OrdinalIgnoreCase);

    private static bool IsScheme(ReadOnlySpan<char> scheme)
    {
        foreach (var letter in scheme)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('+' or '-' or '.'))
            {
                return false;
            }
        }

        return scheme.Length > 1 && char.IsAsciiLetter(scheme[0]);
    }

    private static bool IsWeb(ReadOnlySpan<char> scheme) =>
        scheme.Equals("http", StringComparison.OrdinalIgnoreCase) || scheme.Equals("https", StringComparison.OrdinalIgnoreCase) || scheme.Equals("mailto", StringComparison.OrdinalIgnoreCase);
}
