using System.Text;

namespace McpInfra.Guardrails.Injection;

/// <summary>Words of many languages by what they do in an order to an agent (lexicon.txt), so that a rule learnt in one language holds in the others.</summary>
internal static class Lexicon
{
    /// <summary>No class.</summary>
    public const byte None = 0;

    private const int ShortestPrefix = 2;
    private const int Expected = 8192;
    private const uint GoesOn = 0x100;
    private static readonly List<string> Whole = [];
    private static readonly List<string> Names = [];
    private static readonly NumberTable Words = new(Expected);
    private static readonly NumberTable Prefixes = new(Expected);
    // By their letters from the last to the first: a class, 0 for a beginning of some; with a mark.
    private static readonly NumberTable Stems = new(Expected);
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

    /// <summary>The class of the longest stem that a run of a script without spaces ends with.</summary>
    public static byte OfEnding(ReadOnlySpan<char> run)
    {
        var hash = Hashes.Empty;
        var longest = None;
        for (var at = run.Length - 1; at >= 0; at--)
        {
            hash = Hashes.With(hash, run[at]);
            var found = Stems[Hashes.Ended(hash)];
            if (found == 0)
            {
                break;
            }

            longest = (byte)found is > 0 and var kind ? kind : longest;
        }

        return longest;
    }

    private static void AddStem(string stem, uint number)
    {
        var hash = Hashes.Empty;
        for (var at = stem.Length - 1; at >= 0; at--)
        {
            hash = Hashes.With(hash, stem[at]);
            Stems.TryAdd(Hashes.Ended(hash), GoesOn);
        }

        if (Stems[Hashes.Ended(hash)] == GoesOn)
        {
            Stems.Set(Hashes.Ended(hash), GoesOn | number);
        }
    }

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
                if (Tokens.IsDense(word[0]))
                {
                    AddStem(word, number);
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
