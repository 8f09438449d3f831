using System.Collections.Frozen;
using System.Text;

namespace McpInfra.Guardrails.Injection;

/// <summary>Words of many languages by what they do in an order to an agent (lexicon.txt), so that a rule learnt in one language holds in the others.</summary>
internal static class Lexicon
{
    /// <summary>No class.</summary>
    public const byte None = 0;

    private const int ShortestPrefix = 2;
    private const int Starts = 1 << 12;
    private static readonly (FrozenDictionary<string, byte> Words, FrozenDictionary<string, byte> Prefixes, FrozenDictionary<string, byte> Pairs) Table = Read();
    private static readonly FrozenDictionary<string, byte>.AlternateLookup<ReadOnlySpan<char>> Words = Table.Words.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenDictionary<string, byte>.AlternateLookup<ReadOnlySpan<char>> Prefixes = Table.Prefixes.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenDictionary<string, byte>.AlternateLookup<ReadOnlySpan<char>> Pairs = Table.Pairs.GetAlternateLookup<ReadOnlySpan<char>>();

    // For how two letters start, the length of the longest prefix that starts so; most words start as none does.
    private static readonly byte[] LongestPrefix = Longest();

    /// <summary>The words that are listed whole.</summary>
    public static IEnumerable<string> All => Table.Words.Keys;

    /// <summary>The class of a folded word.</summary>
    public static byte Of(ReadOnlySpan<char> word) => Words.TryGetValue(word, out var found) ? found : OfBeginning(word);

    /// <summary>The class of a folded word that is not listed whole, by how it begins.</summary>
    public static byte OfBeginning(ReadOnlySpan<char> word)
    {
        for (var length = word.Length < ShortestPrefix ? 0 : Math.Min(word.Length, LongestPrefix[Start(word)]); length >= ShortestPrefix; length--)
        {
            if (Prefixes.TryGetValue(word[..length], out var found))
            {
                return found;
            }
        }

        return None;
    }

    /// <summary>The class of two characters of a script without spaces.</summary>
    public static byte OfPair(char first, char second) => Pairs.TryGetValue([first, second], out var found) ? found : None;

    private static int Start(ReadOnlySpan<char> word) => (word[0] ^ (word[1] << 5)) & (Starts - 1);

    private static byte[] Longest()
    {
        var longest = new byte[Starts];
        foreach (var prefix in Table.Prefixes.Keys.Where(prefix => prefix.Length >= ShortestPrefix))
        {
            longest[Start(prefix)] = Math.Max(longest[Start(prefix)], (byte)prefix.Length);
        }

        return longest;
    }

    private static (FrozenDictionary<string, byte>, FrozenDictionary<string, byte>, FrozenDictionary<string, byte>) Read()
    {
        var (words, prefixes, pairs) = (new Dictionary<string, byte>(), new Dictionary<string, byte>(), new Dictionary<string, byte>());
        using var stream = typeof(Lexicon).Assembly.GetManifestResourceStream("McpInfra.Guardrails.Injection.lexicon.txt") ?? throw new InvalidOperationException("The lexicon is missing from the program.");
        using var lines = new StreamReader(stream, Encoding.UTF8);
        byte number = 0;
        while (lines.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            number++;
            foreach (var entry in line[(line.IndexOf(':') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var word = string.Concat(entry.TrimEnd('*').EnumerateRunes().Select(rune => char.ConvertFromUtf32(Folds.Of(rune.Value))));
                var to = word.Length is 2 or 3 && Tokens.IsDense(word[0]) ? pairs : entry.EndsWith('*') ? prefixes : words;
                to.TryAdd(to == pairs ? word[..2] : word, number);
            }
        }

        return (words.ToFrozenDictionary(StringComparer.Ordinal), prefixes.ToFrozenDictionary(StringComparer.Ordinal), pairs.ToFrozenDictionary(StringComparer.Ordinal));
    }
}
