using System.Runtime.Intrinsics;

namespace McpInfra.Guardrails.Injection;

/// <summary>Remembers what words met lately mean. Words are compared whole, so what one text holds can never change how another is read.</summary>
internal sealed class WordMemo
{
    private const int Places = 1024;
    private readonly (Vector128<byte> Word, WordMeaning Meaning)[] known = new (Vector128<byte>, WordMeaning)[Places];

    /// <summary>What the word means, when it was met lately.</summary>
    public bool TryGet(WordKey word, out WordMeaning meaning)
    {
        ref readonly var entry = ref known[word.Place(Places)];
        meaning = entry.Meaning;
        return word.Is(entry.Word);
    }

    /// <summary>Remembers a word in place of another.</summary>
    public void Keep(WordKey word, WordMeaning meaning) => known[word.Place(Places)] = (word.Whole, meaning);
}
