using System.Buffers;

namespace McpInfra.Guardrails.Redaction;

/// <summary>Finds random values in the braces behind a secret's name, whatever they are called there: `tokens { agent = "…" }`.</summary>
internal static class BlockScan
{
    private const int Longest = 800;
    private const int Shortest = 16;
    private const int MostValues = 32;
    private static readonly SearchValues<char> BeforeNames = SearchValues.Create(" \t\n\"'{,;");

    /// <summary>Adds those of the block at a position, and returns where it has read to; 0 when none stands there.</summary>
    public static int Run(string text, int at, Spans spans)
    {
        if (at >= text.Length || text[at] != '{' || (at + 1 < text.Length && text[at + 1] == '{'))
        {
            return 0;
        }

        var block = text.AsSpan(at, Math.Min(Longest, text.Length - at));
        var end = at + (block.IndexOf('}') is > 0 and var close ? close : block.Length);
        for (var count = 0; count < MostValues && at < end && text.AsSpan(at, end - at).IndexOfAny('=', ':') is >= 0 and var hit; count++)
        {
            var name = text.AsSpan(at, hit).TrimEnd(" \t\"'\\");
            name = name[(name.LastIndexOfAny(BeforeNames) + 1)..];
            at += hit + 1;
            at += text.AsSpan(at, end - at).IndexOfAnyExcept(' ', '\t') is > 0 and var gap ? gap : 0;
            if (ValueAt.Read(text, new Place(at), ValueAt.LongestWithin) is not { } value)
            {
                continue;
            }

            at = Math.Max(at + 1, value.After);
            var held = text.AsSpan(value.Start, value.End - value.Start);
            if (held.Length >= Shortest && SecretNames.MayHold(name) && SecretValues.LooksRandom(held) && SecretValues.IsSecret(held, SecretKind.Token, value.Quoted))
            {
                spans.Add(value.Start, value.End, "secret");
            }
        }

        return at;
    }
}
