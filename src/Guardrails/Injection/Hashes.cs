namespace McpInfra.Guardrails.Injection;

/// <summary>Hashes of words and of what stands for classes of them. Stable: the shipped model is made of them.</summary>
internal static class Hashes
{
    public const uint Number = 1;
    public const uint Id = 2;
    public const uint Blob = 3;
    public const uint Unknown = 4;
    public const uint Url = 5;
    public const uint Fence = 6;
    public const uint Comment = 7;
    public const uint Special = 8;
    public const uint Tag = 9;
    public const uint Bracket = 10;
    public const uint Image = 11;
    public const uint Bang = 12;
    public const uint Brace = 13;
    public const uint Colon = 14;
    public const uint Question = 15;
    public const uint Joined = 16;
    public const uint Hidden = 17;
    public const uint Disguised = 18;
    public const uint UrlWithBlank = 19;

    private const uint Named = 32;

    /// <summary>FNV-1a over the characters, never one of the numbers above.</summary>
    public static uint Of(ReadOnlySpan<char> word)
    {
        var hash = 2166136261u;
        foreach (var letter in word)
        {
            hash = (hash ^ letter) * 16777619u;
        }

        return hash < Named ? hash + Named : hash;
    }

    /// <summary>Two hashes as one; order counts.</summary>
    public static uint Join(uint first, uint second) => (((first ^ (first >> 15)) * 0x85EBCA6Bu) ^ second) * 0xC2B2AE35u;
}
