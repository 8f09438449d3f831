using System.Runtime.Intrinsics;

namespace McpInfra.Guardrails.Injection;

/// <summary>The numbers of what each token is by itself and with those before it, worked out for many at once. Holds buffers; for one text at a time.</summary>
internal sealed class FeatureNumbers
{
    private const int Block = 64;
    private readonly uint[] hashes = new uint[Block + 2];
    private readonly uint[] words = new uint[Block], joined = new uint[Block], pairs = new uint[Block], apart = new uint[Block], stems = new uint[Block];

    /// <summary>Of the token by itself.</summary>
    public int Word(int at) => (int)words[at % Block];

    /// <summary>The hash of the token with the one before it.</summary>
    public uint Joined(int at) => joined[at % Block];

    /// <summary>Of the token with the one before it.</summary>
    public int Pair(int at) => (int)pairs[at % Block];

    /// <summary>Of the token with the one before that.</summary>
    public int Apart(int at) => (int)apart[at % Block];

    /// <summary>Of the first letters of the token.</summary>
    public int Stem(int at) => (int)stems[at % Block];

    /// <summary>Makes those of a token known; tokens are asked for in order.</summary>
    public void Reach(ReadOnlySpan<Token> tokens, int at)
    {
        if (at % Block != 0)
        {
            return;
        }

        (hashes[0], hashes[1]) = at == 0 ? (0, 0) : (hashes[Block], hashes[Block + 1]);
        var count = Math.Min(Block, tokens.Length - at);
        for (var index = 0; index < count; index++)
        {
            hashes[index + 2] = tokens[at + index].Hash;
            stems[index] = tokens[at + index].Stem;
        }

        for (var index = 0; index < count; index += Vector256<uint>.Count)
        {
            var hash = Vector256.Create(hashes, index + 2);
            var pair = Hashes.Join(Vector256.Create(hashes, index + 1), hash);
            pair.CopyTo(joined, index);
            Features.Number(hash, Features.OfWord).CopyTo(words, index);
            Features.Number(Vector256.Create(stems, index), Features.OfStem).CopyTo(stems, index);
            Features.Number(pair, Features.OfPair).CopyTo(pairs, index);
            Features.Number(Hashes.Join(Vector256.Create(hashes, index), hash), Features.OfApart).CopyTo(apart, index);
        }
    }
}
