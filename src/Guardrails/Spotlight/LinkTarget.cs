using System.Collections.Frozen;

namespace McpInfra.Guardrails.Spotlight;

/// <summary>Where a link leads. What is spelt so that readers may differ (entities, backslashes, tabs) counts as leading away.</summary>
internal static class LinkTarget
{
    // Longer than any host; what comes later in a target does not move it to another one.
    private const int Longest = 300;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Acting = FrozenSet.ToFrozenSet(
        ["javascript", "vbscript", "data", "blob", "file", "jar", "view-source", "about", "command", "intent", "shell", "search-ms", "ms-msdt", "ms-settings", "tel", "sms"],
        StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether a destination, as it stands behind `](` or `]:`, leads to a host that is not allowed, or to what is no page at all.</summary>
    public static bool IsLive(ReadOnlySpan<char> rest, IReadOnlyList<string> hosts)
    {
        // A line of a quotation begins with its mark.
        var target = rest.TrimStart(" \t\n>");
        var bracket = target.StartsWith('<') ? 1 : target.StartsWith("&lt;") ? 4 : 0;
        target = target[bracket..].TrimStart(" \t");
        target = target[..Math.Min(Longest, target.Length)];
        var end = bracket > 0 ? target.IndexOfAny('>', '\n') : target.IndexOfAny(" \t\n)");
        target = end < 0 ? target : target[..end];
        var stop = target.IndexOfAny("/?#:");
        var first = stop < 0 ? target : target[..stop];
        return first.Contains('\t') || HasEscape(first) || HasEntity(first) || (stop >= 0 && target[stop] switch
        {
            ':' => IsScheme(first) && !(IsWeb(first) && IsAllowed(target[(stop + 1)..], hosts)),
            '/' => stop == 0 && target.Length > 1 && target[1] is '/' or '\\' or '&' or '\t',
            _ => false,
        });
    }

    /// <summary>Whether what follows a `&lt;` is an autolink that does something else than open a page.</summary>
    public static bool IsActing(ReadOnlySpan<char> rest)
    {
        var stop = rest[..Math.Min(Longest, rest.Length)].IndexOfAny(":> \n");
        return stop > 0 && rest[stop] == ':' && IsScheme(rest[..stop]) && !IsWeb(rest[..stop]) && (rest[stop..].StartsWith("://") || Acting.Contains(rest[..stop]));
    }

    // But for those that stand where a link or an image was taken its effect.
    private static bool HasEscape(ReadOnlySpan<char> text)
    {
        for (var at = text.IndexOf('\\'); at >= 0 && at < text.Length; at++)
        {
            if (text[at] == '\\' && (at == 0 || text[at - 1] is not (']' or '!')))
            {
                return true;
            }
        }

        return false;
    }

    // But for the one that stands where a tag was taken its effect.
    private static bool HasEntity(ReadOnlySpan<char> text)
    {
        for (var at = text.IndexOf('&'); at >= 0; at = text.IndexOf('&'))
        {
            if (!text[at..].StartsWith("&lt;"))
            {
                return true;
            }

            text = text[(at + 4)..];
        }

        return false;
    }

    // Exactly //host or //host:port and then a path, a query, or nothing.
    private static bool IsAllowed(ReadOnlySpan<char> rest, IReadOnlyList<string> hosts)
    {
        if (hosts.Count == 0 || !rest.StartsWith("//"))
        {
            return false;
        }

        var authority = rest[2..];
        var end = authority.IndexOfAny("/?#");
        authority = end < 0 ? authority : authority[..end];
        var colon = authority.IndexOf(':');
        if (colon >= 0 && authority[(colon + 1)..].ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        var name = colon < 0 ? authority : authority[..colon];
        foreach (var host in hosts)
        {
            if (host.StartsWith("*.", StringComparison.Ordinal)
                ? name.Length > host.Length - 1 && name.EndsWith(host.AsSpan(1), StringComparison.OrdinalIgnoreCase) && IsName(name)
                : name.Equals(host, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsName(ReadOnlySpan<char> name)
    {
        foreach (var letter in name)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '.'))
            {
                return false;
            }
        }

        return true;
    }

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

    private static bool IsWeb(ReadOnlySpan<char> scheme) => scheme.Equals("http", StringComparison.OrdinalIgnoreCase) || scheme.Equals("https", StringComparison.OrdinalIgnoreCase);
}
