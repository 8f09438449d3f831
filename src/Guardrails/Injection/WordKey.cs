using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace McpInfra.Guardrails.Injection;

/// <summary>A run of fewer than sixteen ASCII letters and digits, small, as one number.</summary>
internal readonly struct WordKey
{
    private readonly Vector128<byte> letters;

    private WordKey(Vector128<byte> letters, int length, int digits) => (this.letters, Length, Digits) = (letters, length, digits);

    /// <summary>Letters and digits.</summary>
    public int Length { get; }

    /// <summary>How many of them are digits.</summary>
    public int Digits { get; }

    /// <summary>For a table of a power of two of places: where the word belongs.</summary>
    public int Place(int places)
    {
        var halves = letters.AsUInt64();
        return (int)(((halves[0] ^ BitOperations.RotateLeft(halves[1] * 0x9E3779B97F4A7C15, 29)) * 0xC2B2AE3D27D4EB4F) >> 40) & (places - 1);
    }

    /// <summary>Whether the word is exactly this one; no letters are no word.</summary>
    public bool Is(Vector128<byte> other) => letters == other;

    /// <summary>The word as <see cref="Is"/> compares it.</summary>
    public Vector128<byte> Whole => letters;

    /// <summary>Writes the letters.</summary>
    public void Letters(Span<char> to)
    {
        for (var at = 0; at < Length; at++)
        {
            to[at] = (char)letters[at];
        }
    }

    /// <summary>The run at the start of the text, when it is that short and the text goes on behind it.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, out WordKey key)
    {
        if (text.Length < Vector128<byte>.Count)
        {
            key = default;
            return false;
        }

        var units = MemoryMarshal.Cast<char, ushort>(text);
        var bytes = Vector128.NarrowWithSaturation(Vector128.Create(units), Vector128.Create(units[8..])); // What is not ASCII stays so.
        var small = bytes | Vector128.Create((byte)0x20);
        var digits = Vector128.LessThanOrEqual(bytes - Vector128.Create((byte)'0'), Vector128.Create((byte)9));
        var run = digits | Vector128.LessThanOrEqual(small - Vector128.Create((byte)'a'), Vector128.Create((byte)25));
        var length = BitOperations.TrailingZeroCount(~run.ExtractMostSignificantBits());
        var within = Vector128.LessThan(Vector128<byte>.Indices, Vector128.Create((byte)length));
        key = new WordKey(small & within, length, BitOperations.PopCount((digits & within).ExtractMostSignificantBits()));
        return length is > 0 and < 16;
    }
}
