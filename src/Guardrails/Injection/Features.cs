namespace McpInfra.Guardrails.Injection;

/// <summary>What the model looks at: for each token, itself, it with those before it, and the order of what words do.</summary>
internal static class Features
{
    /// <summary>Bits of a feature's number.</summary>
    public const int Bits = 18;

    /// <summary>Most features of one token.</summary>
    public const int Most = 7;

    // How far apart two words that do something may stand and still belong together.
    private const int Reach = 7;

    /// <summary>Reads the features of tokens in order.</summary>
    internal struct Reader
    {
        private byte last;
        private byte beforeLast;
        private int lastAt;
        private int beforeLastAt;

        /// <summary>Writes the features of the token and returns how many they are.</summary>
        public int Next(ReadOnlySpan<Token> tokens, int at, Span<int> features)
        {
            var token = tokens[at];
            var count = 0;
            features[count++] = Number(token.Hash, 0x51);
            if (at > 0)
            {
                features[count++] = Number(Hashes.Join(tokens[at - 1].Hash, token.Hash), 0x52);
            }

            if (at > 1)
            {
                features[count++] = Number(Hashes.Join(tokens[at - 2].Hash, token.Hash), 0x53);
            }

            if (token.Class == Lexicon.None)
            {
                return count;
            }

            features[count++] = Number(token.Class, 0x54);
            if (last != Lexicon.None && at - lastAt <= Reach)
            {
                features[count++] = Number((uint)(last << 8) | token.Class, 0x55);
                if (beforeLast != Lexicon.None && lastAt - beforeLastAt <= Reach)
                {
                    features[count++] = Number((uint)(beforeLast << 16) | (uint)(last << 8) | token.Class, 0x56);
                }
            }

            (beforeLast, beforeLastAt, last, lastAt) = (last, lastAt, token.Class, at);
            return count;
        }

        private static int Number(uint hash, uint family) => (int)(Hashes.Join(hash, family * 0x9E3779B1u) >> (32 - Bits));
    }
}
