using System.Buffers;

namespace McpInfra.Guardrails.Redaction;

/// <summary>Finds a password that stands right behind its user and that nothing names: `kim@example.com:…`, `100:…@sip.example.com`, `breakglass01 / …`.</summary>
internal static class PairScan
{
    private const int Longest = 64;
    private const int Shortest = 10;
    private static readonly SearchValues<char> Hosts = SearchValues.Create(Alphabet.Lower + Alphabet.Upper + Alphabet.Digit + ".-");
    private static readonly SearchValues<char> BeforeUsers = SearchValues.Create(" \t\n\"'=,<>(/");
    private static readonly SearchValues<char> Ends = SearchValues.Create(" \t\r\n\"'`<>|,;\\");

    /// <summary>Adds those around the signs of addresses.</summary>
    public static void Run(string text, Spans spans)
    {
        for (var at = 0; text.AsSpan(at).IndexOf('@') is >= 0 and var hit; at++)
        {
            at += hit;
            if (at == 0 || at + 1 == text.Length || !char.IsAsciiLetterOrDigit(text[at + 1]) || !char.IsAscii(text[at - 1]))
            {
                continue;
            }

            Before(text, at, spans);
            Behind(text, at, spans);
        }
    }

    /// <summary>Adds a password behind a slash between spaces.</summary>
    public static void Beside(string text, int at, Spans spans)
    {
        if (at > 2 && char.IsAsciiLetterOrDigit(text[at - 1]) && Word(text, at + " / ".Length) is var (start, end) && end - start >= Shortest && IsPassword(text.AsSpan(start, end - start)))
        {
            spans.Add(start, end, "password");
        }
    }

    // user:password@host
    private static void Before(string text, int at, Spans spans)
    {
        var from = Math.Max(0, at - Longest);
        var before = text.AsSpan(from, at - from);
        before = before[(before.LastIndexOfAny(BeforeUsers) + 1)..];
        if (before.IndexOf(':') is > 0 and var colon && before.Length - colon - 1 >= Shortest && IsPassword(before[(colon + 1)..]) && !spans.Cover(at - 1))
        {
            spans.Add(at - before.Length + colon + 1, at, "password");
        }
    }

    // user@host:password
    private static void Behind(string text, int at, Spans spans)
    {
        var rest = text.AsSpan(at + 1, Math.Min(Longest, text.Length - at - 1));
        var host = rest.IndexOfAnyExcept(Hosts) is >= 0 and var stop ? stop : rest.Length;
        if (host > 3 && host < rest.Length && rest[host] == ':' && rest[..host].Contains('.') && Word(text, at + host + 2) is var (start, end) && end - start >= Shortest && IsPassword(text.AsSpan(start, end - start)))
        {
            spans.Add(start, end, "password");
        }
    }

    private static (int Start, int End) Word(string text, int at)
    {
        var rest = text.AsSpan(at, Math.Min(Longest, text.Length - at));
        var end = rest.IndexOfAny(Ends) is >= 0 and var stop ? stop : rest.Length;
        return (at, at + rest[..end].TrimEnd(".)").Length);
    }

    /// <summary>Whether a word has three groups of letters among each other, and is no path, image or digest.</summary>
    internal static bool IsPassword(ReadOnlySpan<char> word) =>
        word.ContainsAnyInRange('0', '9') && word.ContainsAnyInRange('a', 'z') && word.ContainsAnyInRange('A', 'Z') && word.IndexOfAny('/', ':') < 0 && SecretValues.LooksRandom(word) && !SecretValues.IsPlaceholder(word) && !SecretValues.IsReference(word);
}
