namespace McpInfra.Guardrails.Injection;

/// <summary>The words that the model knows, with their classes, found also when written with digits for letters or with their middle letters in disorder.</summary>
internal sealed class Vocabulary
{
    private const int ShortestDisordered = 4;
    private const int Sums = 1 << 16;
    private const int Expected = 8192;
    private const uint Own = 0x100;
    private const int Said = 9;

    // A class and one, so that a word of no class is known, too; with a mark when the word counts as itself.
    private readonly NumberTable words = new(Expected);

    // The word's hash by the key of its letters; none where two words share the key.
    private readonly NumberTable disordered = new(Expected);

    // One bit for each sum of a disordered word's letters, so that few of the words that are not in it need sorting.
    private readonly ulong[] sums = new ulong[Sums / 64];

    /// <param name="known">Folded words.</param>
    /// <param name="open">Whether unknown words count as themselves, as while a model is trained.</param>
    public Vocabulary(IReadOnlyCollection<string> known, bool open = false)
    {
        Open = open;
        Span<char> sorted = stackalloc char[32];
        var own = known.Count;
        foreach (var word in known.Concat(Lexicon.All).Concat(Synonyms.All))
        {
            var hash = Hashes.Of(word);
            var (said, number) = Synonyms.Of(hash, word);
            if (!words.TryAdd(hash, (Lexicon.Of(said) + 1u) | (own-- > 0 || open || number > 0 ? Own : 0) | (number << Said)) || word.Length is < ShortestDisordered + 1 or > 32)
            {
                continue;
            }

            var sum = Sum(word);
            sums[sum >> 6] |= 1ul << (sum & 63);
            var key = Key(word, sorted);
            if (!disordered.TryAdd(key, hash))
            {
                disordered.Set(key, 0);
            }
        }
    }

    /// <summary>Whether unknown words count as themselves.</summary>
    public bool Open { get; }

    /// <summary>While open: the words met, by hash.</summary>
    public Dictionary<uint, string> Met { get; } = [];

    /// <summary>While open: notes a word met.</summary>
    public void Meet(uint hash, ReadOnlySpan<char> word)
    {
        if (Open && !Met.ContainsKey(hash))
        {
            Met.Add(hash, word.ToString());
        }
    }

    /// <summary>The word as the model sees it, when it is known: as itself, or as its class only.</summary>
    public bool TryGet(uint hash, out Token known)
    {
        var found = words[hash];
        var kind = (byte)((found & 0xFF) - 1);
        known = new Token((found & Own) == 0 ? Hashes.OfClass(kind) : found >> Said is > 0 and var said ? Synonyms.Hash(said) : hash, kind, 0);
        return found > 0;
    }

    /// <summary>The known word whose middle letters these are in another order.</summary>
    public bool TryDisordered(ReadOnlySpan<char> word, out Token found)
    {
        if (Open || word.Length <= ShortestDisordered || Sum(word) is var sum && (sums[sum >> 6] & (1ul << (sum & 63))) == 0)
        {
            found = default;
            return false;
        }

        Span<char> sorted = stackalloc char[32];
        var hash = disordered[Key(word, sorted)];
        found = default;
        return hash > 0 && TryGet(hash, out found);
    }

    /// <summary>The known word that digits and signs in this one stand for letters of.</summary>
    public bool TryLeet(Span<char> word, out Token found)
    {
        found = default;
        if (Open || !word.ContainsAnyInRange('a', 'z'))
        {
            return false;
        }

        Span<char> plain = stackalloc char[word.Length];
        foreach (var one in "il")
        {
            for (var index = 0; index < word.Length; index++)
            {
                plain[index] = word[index] switch { '0' => 'o', '1' => one, '3' => 'e', '4' => 'a', '5' => 's', '7' => 't', '8' => 'b', '9' => 'g', '2' => 'z', '6' => 'g', var other => other };
            }

            var hash = Hashes.Of(plain);
            if (plain.Length > 2 && TryGet(hash, out found))
            {
                return true;
            }
        }

        return false;
    }

    // The same for the same first and last letter and the same letters between, in whatever order.
    private static int Sum(ReadOnlySpan<char> word)
    {
        var sum = word[0] + (word[^1] * 31);
        foreach (var letter in word)
        {
            sum += letter * letter * 7;
        }

        return (sum ^ (sum >> 16)) & (Sums - 1);
    }

    private static uint Key(ReadOnlySpan<char> word, Span<char> sorted)
    {
        word.CopyTo(sorted);
        sorted[1..(word.Length - 1)].Sort();
        return Hashes.Of(sorted[..word.Length]);
    }
}
