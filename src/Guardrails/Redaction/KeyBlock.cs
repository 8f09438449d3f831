using System.Buffers;

namespace McpInfra.Guardrails.Redaction;

/// <summary>Finds private keys in PEM, OpenPGP and PuTTY form, also escaped, indented, or cut off before their end.</summary>
internal static class KeyBlock
{
    private const int LongestLabel = 60;

    // Keys have lines of 64 or 70 characters; whoever folds them again seldom makes them as short.
    private const int ShortestLine = 16;
    private static readonly Runs Lines = new(Alphabet.Lower + Alphabet.Upper + Alphabet.Digit + "+/", ShortestLine);

    // A key of 16,384 bits, indented and escaped, stays below it.
    private const int Longest = 32_768;

    private static readonly SearchValues<string> PuttyLines = SearchValues.Create(["Private-Lines:", "PuTTY-User-Key-File"], StringComparison.Ordinal);

    /// <summary>Adds the private key whose header starts here, and returns where to look on.</summary>
    public static int Add(string text, int at, Spans spans)
    {
        var rest = text.AsSpan(at, Math.Min(Longest, text.Length - at));
        var label = rest.Slice(10, Math.Min(LongestLabel, rest.Length - 10));
        var close = label.IndexOf("-----");
        if (close < 0 || !(label[..close].Contains("PRIVATE KEY", StringComparison.Ordinal) || label[..close].EndsWith(" SEED") || label.StartsWith(" OpenVPN Static key")))
        {
            return at + 10;
        }

        var body = 10 + close + 5;
        if (body >= rest.Length || !(char.IsWhiteSpace(rest[body]) || rest[body] == '\\' || Alphabet.Base64.Has(rest[body])))
        {
            return at + 10;
        }

        var end = rest[body..].IndexOf("-----END");
        if (end >= 0 && Lines.Next(rest.Slice(body, end), 0) is (_, 0))
        {
            return at + 10; // Words of how a key looks, not a key.
        }

        var length = end < 0 ? body + Material(rest[body..]) : Closed(rest, body + end);
        spans.Add(at, at + length, "private-key");
        return at + length;
    }

    /// <summary>Adds the private key of SSH.com's form that starts here.</summary>
    public static int AddSsh2(string text, int at, Spans spans)
    {
        var rest = text.AsSpan(at, Math.Min(Longest, text.Length - at));
        var label = rest[..Math.Min(LongestLabel, rest.Length)];
        if (!label.Contains("PRIVATE KEY", StringComparison.Ordinal) || rest.IndexOf("---- END SSH2") is not (> 0 and var end))
        {
            return at + 10;
        }

        var close = rest[(end + "---- ".Length)..].IndexOf("----") is >= 0 and var dashes ? end + 5 + dashes + 4 : rest.Length;
        spans.Add(at, at + close, "private-key");
        return at + close;
    }

    /// <summary>Adds a PuTTY key file's private lines.</summary>
    public static int AddPutty(string text, int at, Spans spans)
    {
        // Another header ends the search, so that many of them cost no more than one.
        var body = at + "PuTTY".Length;
        var lines = text.AsSpan(body, Math.Min(Longest, text.Length - body)).IndexOfAny(PuttyLines) + body - at;
        if (lines < body - at || text[at + lines + 1] != 'r')
        {
            return at + 10;
        }

        var rest = text.AsSpan(at + lines, Math.Min(Longest, text.Length - at - lines));
        var end = rest.IndexOf("Private-MAC");
        var stop = end < 0 ? at + lines + rest.Length : at + lines + end;
        spans.Add(at + lines, stop, "private-key");
        return stop;
    }

    private static int Closed(ReadOnlySpan<char> rest, int end)
    {
        var label = rest[(end + 8)..];
        var close = label[..Math.Min(LongestLabel, label.Length)].IndexOf("-----");
        if (close < 0)
        {
            return end + 8;
        }

        var dashes = label[close..].IndexOfAnyExcept('-');
        return end + 8 + close + (dashes < 0 ? label.Length - close : dashes);
    }

    /// <summary>Length of what can be key material after a header that no footer closes.</summary>
    private static int Material(ReadOnlySpan<char> text)
    {
        var at = 0;
        while (at < text.Length && (Alphabet.Base64.Has(text[at]) || text[at] is '\\' or '\r' or '\n' or ' ' or '\t'))
        {
            at++;
        }

        return at;
    }
}
