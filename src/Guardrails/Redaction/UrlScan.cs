using System.Buffers;

namespace McpInfra.Guardrails.Redaction;

/// <summary>Finds passwords in the authority of a URL, and URLs that are a secret themselves.</summary>
internal static class UrlScan
{
    private const int LongestAuthority = 2000;

    private static readonly SearchValues<char> Stops = SearchValues.Create(" \t\r\n\"'<>`|");

    public static void Run(string text, Spans spans)
    {
        var at = 0;
        while (at < text.Length && text.AsSpan(at).IndexOf("://") is >= 0 and var hit)
        {
            at += hit + 3;
            Authority(text, at, spans);
            CapabilityUrl.Look(text, at, spans);
        }
    }

    private static void Authority(string text, int at, Spans spans)
    {
        var rest = text.AsSpan(at, Math.Min(LongestAuthority, text.Length - at));
        var next = rest.IndexOf("://");
        rest = next < 0 ? rest : rest[..next];
        var end = rest.IndexOfAny(Stops);
        rest = end < 0 ? rest : rest[..end];
        var escaped = rest.IndexOf("\\n");
        rest = escaped < 0 ? rest : rest[..escaped];
        var slash = rest.IndexOfAny("/?#");
        var host = rest[..(slash < 0 ? rest.Length : slash)].LastIndexOf('@');
        if (host < 0)
        {
            // A password may hold an unescaped slash; then the last @ before a host name ends it.
            host = rest.LastIndexOf('@');
            var colonBefore = rest.IndexOf(':');
            if (host < 0 || colonBefore < 0 || colonBefore > slash || host + 1 >= rest.Length || !char.IsAsciiLetterOrDigit(rest[host + 1]) || rest[(colonBefore + 1)..slash].Trim("0123456789").IsEmpty)
            {
                return;
            }
        }

        var colon = rest[..host].IndexOf(':');
        var start = colon < 0 ? 0 : colon + 1;
        var value = rest[start..host];
        if (colon >= 0 ? !SecretValues.IsPlaceholder(value) : SecretValues.LooksRandom(value) && value.Length >= 30)
        {
            spans.AddOfLink(at + start, at + host);
        }
    }
}
