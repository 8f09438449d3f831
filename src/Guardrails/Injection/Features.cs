using System.Runtime.Intrinsics;

namespace McpInfra.Guardrails.Injection;

/// <summary>What the model looks at: for each token, itself, it with those before it, what begins a sentence, and the order of what words do.</summary>
internal static class Features
{
    /// <summary>Bits of a feature's number.</summary>
    public const int Bits = 20;

    /// <summary>Kinds of features: of a token, of it with the one before it, of it with the one before that, and of its first letters.</summary>
    public const uint OfWord = 0x51, OfPair = 0x52, OfApart = 0x53, OfStem = 0x57;

    private const uint OfDeed = 0x54, OfDeeds = 0x55, OfThreeDeeds = 0x56;
    private const uint OfFirst = 0x58, OfFirstDeed = 0x59, OfDeedAfterFirst = 0x5A, OfWordAfterDeed = 0x5B;
    private const uint KindFactor = 0x9E3779B1u;

    // How far apart two words that do something may stand and still belong together.
    private const int Reach = 7;

    // How far behind such a word another may stand and be what it is done to.
    private const int Grasp = 4;

    /// <summary>Reads the features of tokens in order. What was said a moment ago says nothing when it is said again, or a list of one word would add up to an order.</summary>
    internal struct Reader(Echoes echoes, FeatureNumbers numbers)
    {
        private byte first;
        private int firstAt;
        private byte last;
        private byte beforeLast;
        private int lastAt;
        private int beforeLastAt;

        /// <summary>Hands the features of the token over, one by one.</summary>
        public void Next<TTaker>(ReadOnlySpan<Token> tokens, int at, ref TTaker features)
            where TTaker : struct, IFeatureTaker, allows ref struct
        {
            var token = tokens[at];
            numbers.Reach(tokens, at);
            var again = echoes.Hear(token.Hash, at);
            if (!again)
            {
                features.Take(numbers.Word(at));
            }

            // Beside the word and not between words, or what is written in disguise would be another order.
            if (token.IsDisguised && !echoes.Hear(Hashes.Disguised, at))
            {
                features.Take(Number(Hashes.Disguised, OfWord));
            }

            if (at > 0)
            {
                if (echoes.Hear(numbers.Joined(at), at))
                {
                    return;
                }

                features.Take(numbers.Pair(at));
            }

            if (at > 1)
            {
                features.Take(numbers.Apart(at));
            }

            if (token.Stem > 0 && !echoes.Hear(~token.Stem, at))
            {
                features.Take(numbers.Stem(at));
            }

            if (token.IsFirst)
            {
                (first, firstAt) = (token.Class, at);
                if (!again)
                {
                    features.Take(Number(token.Hash, OfFirst));
                }
            }

            if (token.Class == Lexicon.None)
            {
                if (last != Lexicon.None && at - lastAt <= Grasp && Hashes.IsWord(token.Hash) && Hashes.Join(token.Hash, last) is var done && !echoes.Hear(done, at))
                {
                    features.Take(Number(done, OfWordAfterDeed));
                }

                return;
            }

            if (token.IsFirst)
            {
                features.Take(Number(token.Class, OfFirstDeed));
            }
            else if (first != Lexicon.None && at - firstAt <= Reach)
            {
                features.Take(Number((uint)(first << 8) | token.Class, OfDeedAfterFirst));
                first = Lexicon.None;
            }

            if (!again)
            {
                features.Take(Number(token.Class, OfDeed));
            }

            if (last != Lexicon.None && at - lastAt <= Reach)
            {
                features.Take(Number((uint)(last << 8) | token.Class, OfDeeds));
                if (beforeLast != Lexicon.None && lastAt - beforeLastAt <= Reach)
                {
                    features.Take(Number((uint)(beforeLast << 16) | (uint)(last << 8) | token.Class, OfThreeDeeds));
                }
            }

            (beforeLast, beforeLastAt, last, lastAt) = (last, lastAt, token.Class, at);
        }
    }

    /// <summary>The numbers of several features of a kind.</summary>
    public static Vector256<uint> Number(Vector256<uint> hashes, uint kind) => Hashes.Join(hashes, Vector256.Create(kind * KindFactor)) >>> (32 - Bits);

    private static int Number(uint hash, uint kind) => (int)(Hashes.Join(hash, kind * KindFactor) >> (32 - Bits));
}
