using System.Text;

namespace McpInfra.Guardrails.Injection;

/// <summary>Words of many languages by what they do in an order to an agent (lexicon.txt), so that a rule learnt in one language holds in the others.</summary>
internal static class Lexicon
{
    /// <summary>No class.</summary>
    public const byte None = 0;

    private const int ShortestPrefix = 2;
    private const int Expected = 4096;
    private static readonly List<string> Whole = [];
    private static readonly List<string> Names = [];
    private static readonly NumberTable Words = new(Expected);
    private static readonly NumberTable Prefixes = new(Expected);
    private static readonly NumberTable Pairs = new();
    private static readonly int LongestPrefix = Read();

    /// <summary>The words that are listed whole.</summary>
    public static IReadOnlyList<string> All => Whole;

    /// <summary>The name of a class.</summary>
    public static string Name(byte kind) => Names[kind - 1];

    /// <summary>The class of a folded word.</summary>
    public static byte Of(ReadOnlySpan<char> word) => Words[Hashes.Of(word)] is > 0 and var found ? (byte)found : OfBeginning(word);

    /// <summary>The class of a folded word that is not listed whole, by the longest prefix that it begins with.</summary>
    public static byte OfBeginning(ReadOnlySpan<char> word)
    {
        var hash = Hashes.Empty;
        var longest = None;
        for (var at = 0; at < Math.Min(word.Length, LongestPrefix); at++)
        {
            hash = Hashes.With(hash, word[at]);
            if (at + 1 >= ShortestPrefix && Prefixes[Hashes.Ended(hash)] is > 0 and var found)
            {
                longest = (byte)found;
            }
        }

        return longest;
    }

    /// <summary>The class of two characters of a script without spaces.</summary>
    public static byte OfPair(char first, char second) => (byte)Pairs[Pair(first, second)];

    private static uint Pair(char first, char second) => ((uint)first << 16) | second;

    // The length of the longest prefix.
    private static int Read()
    {
        using var stream = typeof(Lexicon).Assembly.GetManifestResourceStream("McpInfra.Guardrails.Injection.lexicon.txt") ?? throw new InvalidOperationException("The lexicon is missing from the program.");
        using var lines = new StreamReader(stream, Encoding.UTF8);
        var numbers = new Dictionary<string, uint>(StringComparer.Ordinal);
        var longest = 0;
        while (lines.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            var colon = line.IndexOf(':');
            if (!numbers.TryGetValue(line[..colon], out var number))
            {
                numbers.Add(line[..colon], number = (uint)numbers.Count + 1);
                Names.Add(line[..colon]);
            }

            foreach (var entry in line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var word = Folds.Of(entry.TrimEnd('*'));
                if (word.Length is 2 or 3 && Tokens.IsDense(word[0]))
                {
                    Pairs.TryAdd(Pair(word[0], word[1]), number);
                }
                else if (entry.EndsWith('*'))
                {
                    Prefixes.TryAdd(Hashes.Of(word), number);
                    longest = Math.Max(longest, word.Length);
                }
                else if (Words.TryAdd(Hashes.Of(word), number))
                {
                    Whole.Add(word);
                }
            }
        }

        return longest;
    }
}
