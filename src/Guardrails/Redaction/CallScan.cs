using System.Collections.Frozen;

namespace McpInfra.Guardrails.Redaction;

/// <summary>Finds random strings that code hands to what logs in, signs or encrypts: `new NetworkCredential("mailer", "…")`, `jwt.sign(payload, '…')`, `getConnection(url, user, "…")`.</summary>
internal static class CallScan
{
    private const int Shortest = 12;
    private const int LongestCall = 300;
    private const int LongestWord = 16;
    private const int MostStrings = 6;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Callees = "credential credentials client connect connection auth login sign signer verify hmac spec aes cipher encrypt decrypt fernet password secret".Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Adds what such calls are given.</summary>
    public static void Run(string text, Spans spans)
    {
        for (var at = 1; at < text.Length && text.AsSpan(at).IndexOf('(') is >= 0 and var hit; at++)
        {
            at += hit;
            if (char.IsAsciiLetter(text[at - 1]) && (Callees.Contains(Callee(text, at)) || text.AsSpan(Math.Max(0, at - LongestWord), Math.Min(at, LongestWord)).Contains("Auth", StringComparison.Ordinal)))
            {
                at += Strings(text, at + 1, spans);
            }
        }
    }

    // AC and SM and their like before the hexadecimal of an id, not of a key.
    private static bool IsAccount(ReadOnlySpan<char> value) => value.Length == 34 && char.IsAsciiLetterUpper(value[0]) && char.IsAsciiLetterUpper(value[1]);

    // The last word of what is called; of `Fernet.new`, `hmac.New` and their like the one before.
    private static ReadOnlySpan<char> Callee(string text, int end)
    {
        var word = Word(text, end);
        return word is "new" or "New" or "of" or "from" && end - word.Length - 1 is > 0 and var dot && text[dot] == '.' ? Word(text, dot) : word;
    }

    private static ReadOnlySpan<char> Word(string text, int end)
    {
        var start = end;
        while (start > 0 && end - start < LongestWord && char.IsAsciiLetter(text[start - 1]) && !(start < end && char.IsAsciiLetterUpper(text[start]) && char.IsAsciiLetterLower(text[start - 1])))
        {
            start--;
        }

        return text.AsSpan(start, end - start);
    }

    /// <summary>Adds the random ones of a call's strings, and returns how far it has read.</summary>
    private static int Strings(string text, int start, Spans spans)
    {
        var call = text.AsSpan(start, Math.Min(LongestCall, text.Length - start));
        call = call.IndexOfAny('\n', '{') is >= 0 and var line ? call[..line] : call;
        var at = 0;
        for (var count = 0; count < MostStrings; count++)
        {
            var open = call[at..].IndexOfAny('"', '\'', ')');
            if (open < 0 || call[at + open] == ')')
            {
                return open < 0 ? call.Length : at + open;
            }

            at += open + 1;
            if (call[at..].IndexOfAny(call[at - 1], '\\') is not (>= Shortest and var length))
            {
                at += call[at..].IndexOf(call[at - 1]) is >= 0 and var close ? close + 1 : call.Length - at;
                continue;
            }

            var value = call.Slice(at, length);
            if (!(at > 1 && call[at - 2] is '=' or ':') && !value.ContainsAny(';', ':') && !IsAccount(value) && SecretValues.LooksRandom(value) && !Guid.TryParseExact(value, "D", out _) && !SecretValues.IsPlaceholder(value) && !SecretValues.IsReference(value))
            {
                spans.Add(start + at, start + at + length, "secret");
            }

            at += length + 1;
        }

        return at;
    }
}
