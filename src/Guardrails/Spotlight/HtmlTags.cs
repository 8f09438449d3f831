using System.Buffers;
using System.Collections.Frozen;

namespace McpInfra.Guardrails.Spotlight;

/// <summary>
/// Which tags of a text load, lead or run something: by their element, or by an attribute. Asked from the front to the back; what was searched once is remembered, so that
/// a text of nothing but opening brackets costs no more than another.
/// </summary>
internal sealed class HtmlTags(string text)
{
    // Between a tag's name and an attribute of it; what is farther apart is a comparison in code.
    private const int LongestTag = 4096;

    private const int LongestName = 32;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Elements = FrozenSet.ToFrozenSet(
        [
            "img", "image", "iframe", "frame", "frameset", "script", "object", "embed", "applet", "svg", "math", "video", "audio", "source", "picture", "track", "link", "style", "base",
            "meta", "form", "input", "button", "portal", "bgsound",
        ],
        StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Attributes = FrozenSet.ToFrozenSet(
        ["href", "xlink:href", "src", "srcset", "srcdoc", "style", "background", "action", "formaction", "data", "poster", "ping", "lowsrc", "dynsrc", "codebase", "manifest"],
        StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly SearchValues<char> NameEnds = SearchValues.Create(" \t\n/>");
    private int end = -1;
    private int attribute = -1;
    private int close = -1;
    private int quote = -1;

    /// <summary>Whether the tag that opens here does something.</summary>
    public bool IsLive(int at)
    {
        end = end <= at ? text.AsSpan(at + 1).IndexOfAny(NameEnds) is >= 0 and var found ? at + 1 + found : text.Length : end;
        return Elements.Contains(text.AsSpan((at + 1)..end)) || (end < text.Length && text[end] != '>' && HasAttribute(end));
    }

    // A bracket within quotes does not end a tag; whether it stands in some is not known here, so any quote before it counts.
    private bool HasAttribute(int at)
    {
        attribute = attribute < at ? NextAttribute(at) : attribute;
        close = close < at ? Next(at, ">") : close;
        quote = quote < at ? Next(at, "\"'`") : quote;
        return attribute - at < LongestTag && attribute < text.Length && (close > attribute || quote < close);
    }

    private int Next(int at, ReadOnlySpan<char> letters) => text.AsSpan(at).IndexOfAny(letters) is >= 0 and var found ? at + found : text.Length;

    private int NextAttribute(int at)
    {
        for (var sign = Next(at, "="); sign < text.Length; sign = Next(sign + 1, "="))
        {
            var until = sign;
            while (until > at && text[until - 1] is ' ' or '\t' or '\n')
            {
                until--;
            }

            var start = until;
            while (start > at && until - start < LongestName && (char.IsAsciiLetter(text[start - 1]) || text[start - 1] is ':' or '-'))
            {
                start--;
            }

            var name = text.AsSpan(start..until);
            var begins = start > 0 && text[start - 1] is ' ' or '\t' or '\n' or '/' or '"' or '\'';
            if (begins && (Attributes.Contains(name) || (name.Length > 4 && name.StartsWith("on", StringComparison.OrdinalIgnoreCase))))
            {
                return sign;
            }
        }

        return text.Length;
    }
}
