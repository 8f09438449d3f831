namespace McpInfra.Guardrails.Injection;

/// <summary>What the model looks at: for each token, itself, it with those before it, and the order of what words do.</summary>
internal static class Features
{
    /// <summary>Bits of a feature's number.</summary>
    public const int Bits = 18;

    // How far apart two words that do something may stand and still belong together.
    private const int Reach = 7;

    /// <summary>Reads the features of tokens in order. What was said a moment ago says nothing when it is said again, or a list of one word would add up to an order.</summary>
    internal struct Reader(Echoes echoes)
    {
        private byte last;
        private byte beforeLast;
        private int lastAt;
        private int beforeLastAt;

        /// <summary>Hands the features of the token over, one by one.</summary>
        public void Next<TTaker>(ReadOnlySpan<Token> tokens, int at, ref TTaker features)
            where TTaker : struct, IFeatureTaker, allows ref struct
        {
            var token = tokens[at];
            var again = echoes.Hear(token.Hash, at);
            if (!again)
            {
                features.Take(Number(token.Hash, 0x51));
            }

            if (at > 0)
            {
                var pair = Hashes.Join(tokens[at - 1].Hash, token.Hash);
                if (echoes.Hear(pair, at))
                {
                    return;
                }

                features.Take(Number(pair, 0x52));
            }

            if (at > 1)
            {
                features.Take(Number(Hashes.Join(tokens[at - 2].Hash, token.Hash), 0x53));
            }

            if (token.Class == Lexicon.None)
            {
                return;
            }

            if (!again)
            {
                features.Take(Number(token.Class, 0x54));
            }

            if (last != Lexicon.None && at - lastAt <= Reach)
            {
                features.Take(Number((uint)(last << 8) | token.Class, 0x55));
                if (beforeLast != Lexicon.None && lastAt - beforeLastAt <= Reach)
                {
                    features.Take(Number((uint)(beforeLast << 16) | (uint)(last << 8) | token.Class, 0x56));
                }
            }

            (beforeLast, beforeLastAt, last, lastAt) = (last, lastAt, token.Class, at);
        }

        private static int Number(uint hash, uint family) => (int)(Hashes.Join(hash, family * 0x9E3779B1u) >> (32 - Bits));
    }
}
