using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace McpInfra.Guardrails.Redaction;

/// <summary>Finds long runs of some letters of ASCII, sixty-four characters at a look, whatever ordinary words they stand in.</summary>
internal sealed class Runs
{
    private const int Look = 64;
    private const int Shift = 4;

    // The bit of each high half of a code; none for what is not ASCII.
    private static readonly Vector128<byte> Highs = Vector128.Create(1, 2, 4, 8, 16, 32, 64, 128, 0, 0, 0, 0, 0, 0, 0, 0);

    // For each low half of a code, the bits of the high halves with which it is one of the letters.
    private readonly Vector128<byte> lows;
    private readonly SearchValues<char> letters;
    private readonly int least;

    /// <param name="letters">The letters of the runs.</param>
    /// <param name="least">How many a run has at least; 64 at the most.</param>
    public Runs(string letters, int least)
    {
        (this.letters, this.least) = (SearchValues.Create(letters), least);
        var table = new byte[Vector128<byte>.Count];
        foreach (var letter in letters)
        {
            table[letter & 0xF] |= (byte)(1 << (letter >> Shift));
        }

        lows = Vector128.Create(table);
    }

    /// <summary>The first run from a position on; a length of 0 when there is none.</summary>
    public (int Start, int Length) Next(ReadOnlySpan<char> text, int from)
    {
        var run = 0; // Letters right before the look.
        for (var at = from; at < text.Length; at += Look)
        {
            var others = ~Bits(text[at..]);
            if (run + BitOperations.TrailingZeroCount(others) >= least)
            {
                return Whole(text, at - run);
            }

            if (Long(~others) is not 0 and var starts)
            {
                return Whole(text, at + BitOperations.TrailingZeroCount(starts));
            }

            run = BitOperations.LeadingZeroCount(others);
        }

        return (text.Length, 0);
    }

    private (int Start, int Length) Whole(ReadOnlySpan<char> text, int start)
    {
        var more = text[(start + least)..].IndexOfAnyExcept(letters);
        return (start, more < 0 ? text.Length - start : least + more);
    }

    // Where a run begins that is long enough within the look: each step leaves the bits with twice as many behind them.
    private ulong Long(ulong bits)
    {
        for (var length = 1; length < least;)
        {
            var more = Math.Min(length, least - length);
            bits &= bits >> more;
            length += more;
        }

        return bits;
    }

    private ulong Bits(ReadOnlySpan<char> text)
    {
        if (text.Length >= Look)
        {
            var units = MemoryMarshal.Cast<char, ushort>(text[..Look]);
            return Avx2.IsSupported
                ? Wide(units[..32]) | (Wide(units[32..]) << 32)
                : Bits(units[..16]) | (Bits(units[16..32]) << 16) | (Bits(units[32..48]) << 32) | (Bits(units[48..]) << 48);
        }

        Span<char> filled = stackalloc char[Look];
        filled.Clear();
        text.CopyTo(filled);
        return Bits(filled);
    }

    private ulong Bits(ReadOnlySpan<ushort> units)
    {
        var codes = Vector128.NarrowWithSaturation(Vector128.Create(units), Vector128.Create(units[Vector128<ushort>.Count..]));
        var found = Vector128.Shuffle(lows, codes & Vector128.Create((byte)0xF)) & Vector128.Shuffle(Highs, codes >>> Shift);
        return ~Vector128.Equals(found, Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xFFFF;
    }

    // The same of thirty-two at a time; each half of a vector looks into its own copy of the table.
    private ulong Wide(ReadOnlySpan<ushort> units)
    {
        var codes = Vector256.NarrowWithSaturation(Vector256.Create(units), Vector256.Create(units[Vector256<ushort>.Count..]));
        var found = Avx2.Shuffle(Vector256.Create(lows, lows), codes & Vector256.Create((byte)0xF)) & Avx2.Shuffle(Vector256.Create(Highs, Highs), codes >>> Shift);
        return ~Vector256.Equals(found, Vector256<byte>.Zero).ExtractMostSignificantBits();
    }
}
