namespace McpInfra.Guardrails.Injection;

/// <summary>Remembers what words met lately mean. Words are compared whole, so what one text holds can never change how another is read.</summary>
/// <param name="longest">Characters of the longest word.</param>
internal sealed class WordMemo(int longest)
{
    private const int Places = 1024;
    private readonly char[] words = new char[Places * longest];
    private readonly (int Length, bool HasDigits, WordMeaning Meaning)[] known = new (int, bool, WordMeaning)[Places];

    /// <summary>What the word means, when it was met lately.</summary>
    public bool TryGet(uint hash, ReadOnlySpan<char> word, bool hasDigits, out WordMeaning meaning)
    {
        var place = Place(hash);
        ref readonly var entry = ref known[place];
        meaning = entry.Meaning;
        return entry.Length == word.Length && entry.HasDigits == hasDigits && word.SequenceEqual(words.AsSpan(place * longest, word.Length));
    }

    /// <summary>Remembers a word in place of another.</summary>
    public void Keep(uint hash, ReadOnlySpan<char> word, bool hasDigits, WordMeaning meaning)
    {
        var place = Place(hash);
        word.CopyTo(words.AsSpan(place * longest));
        known[place] = (word.Length, hasDigits, meaning);
    }

    private static int Place(uint hash) => (int)((hash ^ (hash >> 16)) & (Places - 1));
}
