namespace McpInfra.Guardrails.Redaction;

/// <summary>The checksum in tokens of GitHub and npm: CRC-32 of thirty random characters, in base 62 and six characters, behind them.</summary>
internal static class Checksum
{
    private const int Random = 30;
    private const int Digits = 6;
    private const string Base62 = Alphabet.Digit + Alphabet.Upper + Alphabet.Lower;

    /// <summary>Whether a token ends with the checksum of what stands between its prefix and it.</summary>
    public static bool Holds(ReadOnlySpan<char> token)
    {
        var body = token[(token.IndexOf('_') + 1)..];
        if (body.Length != Random + Digits)
        {
            return false;
        }

        var rest = Of(body[..Random]);
        for (var at = body.Length - 1; at >= Random; at--)
        {
            if (body[at] != Base62[(int)(rest % Base62.Length)])
            {
                return false;
            }

            rest /= (uint)Base62.Length;
        }

        return rest == 0;
    }

    private static uint Of(ReadOnlySpan<char> ascii)
    {
        const uint Polynomial = 0xEDB88320;
        var sum = uint.MaxValue;
        foreach (var letter in ascii)
        {
            sum ^= letter;
            for (var bit = 0; bit < 8; bit++)
            {
                sum = (sum >> 1) ^ ((sum & 1) * Polynomial);
            }
        }

        return ~sum;
    }
}
