using System.Buffers;

namespace McpInfra.Guardrails.Redaction;

/// <summary>Finds the private members of keys that are written member by member: JSON Web Keys (RFC 7517, 7518) and .NET's XML of RSA keys. Public members stay.</summary>
internal static class KeyObject
{
    private const int Longest = 8192;
    private const int ShortestMember = 16;
    private static readonly SearchValues<char> Letters = SearchValues.Create(Alphabet.Lower + Alphabet.Upper + Alphabet.Digit + "+/=-_");

    /// <summary>Adds those of the JSON object that says here what type of key it is, and returns where to look on.</summary>
    public static int AddJson(string text, int at, Spans spans)
    {
        var start = Math.Max(0, at - Longest);
        start += text.AsSpan(start, at - start).LastIndexOf('{') + 1;
        var members = text.AsSpan(start, Math.Min(Longest, text.Length - start));
        members = members.IndexOf('}') is >= 0 and var close ? members[..close] : members;
        foreach (var name in (ReadOnlySpan<string>)["\"d", "\"p", "\"q", "\"dp", "\"dq", "\"qi", "\"k"])
        {
            for (var from = 0; members[from..].IndexOf(name) is >= 0 and var found; from += found + name.Length)
            {
                var value = from + found + name.Length;
                var skipped = members[value..].TrimStart("\\\": \t\r\n");
                var quoted = members[value..].TrimStart('\\').StartsWith("\"");
                Add(start + members.Length - skipped.Length, skipped, quoted, spans);
            }
        }

        return Math.Max(at + 1, start + members.Length);
    }

    /// <summary>The same of the XML element that begins here.</summary>
    public static int AddXml(string text, int at, Spans spans)
    {
        var members = text.AsSpan(at, Math.Min(Longest, text.Length - at));
        members = members.IndexOf("</RSAKeyValue>") is >= 0 and var close ? members[..close] : members;
        foreach (var name in (ReadOnlySpan<string>)["<P>", "<Q>", "<DP>", "<DQ>", "<InverseQ>", "<D>"])
        {
            if (members.IndexOf(name) is >= 0 and var found)
            {
                Add(at + found + name.Length, members[(found + name.Length)..], true, spans);
            }
        }

        return at + members.Length;
    }

    private static void Add(int start, ReadOnlySpan<char> value, bool named, Spans spans)
    {
        var length = value.IndexOfAnyExcept(Letters) is >= 0 and var stop ? stop : value.Length;
        if (named && length >= ShortestMember)
        {
            spans.Add(start, start + length, "private-key");
        }
    }
}
