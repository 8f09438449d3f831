using System.Runtime.Intrinsics;

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
    public const uint Dense = 20;

    /// <summary>The hash of a word before its first character.</summary>
    public const uint Empty = 2166136261u;

    private const uint Classes = 64;
    private const uint Named = 128;

    /// <summary>FNV-1a over the characters, never one of the numbers above.</summary>
    public static uint Of(ReadOnlySpan<char> word)
    {
        var hash = Empty;
        foreach (var letter in word)
        {
            hash = With(hash, letter);
        }

        return Ended(hash);
    }

    /// <summary>Whether it is of a word by itself.</summary>
    public static bool IsWord(uint hash) => hash >= Named;

    /// <summary>The hash that stands for a word of which only the class counts.</summary>
    public static uint OfClass(byte kind) => Classes + kind;

    /// <summary>The hash of a word that goes on with a character.</summary>
    public static uint With(uint hash, char letter) => (hash ^ letter) * 16777619u;

    /// <summary>The hash of a word that has ended.</summary>
    public static uint Ended(uint hash) => hash < Named ? hash + Named : hash;

    /// <summary>Two hashes as one; order counts.</summary>
    public static uint Join(uint first, uint second) => (((first ^ (first >> 15)) * 0x85EBCA6Bu) ^ second) * 0xC2B2AE35u;

    /// <summary>The same of several at once.</summary>
    public static Vector256<uint> Join(Vector256<uint> first, Vector256<uint> second) => (((first ^ (first >>> 15)) * 0x85EBCA6Bu) ^ second) * 0xC2B2AE35u;
}
