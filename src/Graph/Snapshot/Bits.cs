using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace McpInfra.Graph.Snapshot;

/// <summary>Sets of ordinals as bits of words. What goes through many is compiled well at once: it would answer the first hundreds of questions slowly.</summary>
internal static class Bits
{
    /// <summary>Words for so many ordinals; a multiple of a container's, so that containers fit whole.</summary>
    public static int Words(int count) => ((count + 0xFFFF) >> 16) * PostingContainer.Words;

    public static bool Has(ReadOnlySpan<ulong> bits, int at) => (bits[at >> 6] & (1UL << (at & 63))) != 0;

    public static void Set(Span<ulong> bits, int at) => bits[at >> 6] |= 1UL << (at & 63);

    public static void Unset(Span<ulong> bits, int at) => bits[at >> 6] &= ~(1UL << (at & 63));

    /// <summary>Sets from start to before end.</summary>
    public static void Fill(Span<ulong> bits, int start, int end)
    {
        if (start >= end)
        {
            return;
        }

        var (first, last) = (start >> 6, (end - 1) >> 6);
        var (head, tail) = (ulong.MaxValue << (start & 63), ulong.MaxValue >> (63 - ((end - 1) & 63)));
        if (first == last)
        {
            bits[first] |= head & tail;
            return;
        }

        bits[first] |= head;
        bits[(first + 1)..last].Fill(ulong.MaxValue);
        bits[last] |= tail;
    }

    /// <summary>Takes away from start to before end.</summary>
    public static void Clear(Span<ulong> bits, int start, int end)
    {
        for (var at = start; at < end; at++)
        {
            Unset(bits, at);
        }
    }

    /// <summary>The first that is set from start to before end, or the end.</summary>
    public static int FirstSet(ReadOnlySpan<ulong> bits, int start, int end) => First(bits, start, end, 0);

    /// <summary>The first that is not set from start to before end, or the end.</summary>
    public static int FirstUnset(ReadOnlySpan<ulong> bits, int start, int end) => First(bits, start, end, ulong.MaxValue);

    private static int First(ReadOnlySpan<ulong> bits, int start, int end, ulong flip)
    {
        if (start >= end)
        {
            return end;
        }

        var (at, last) = (start >> 6, (end - 1) >> 6);
        var word = (bits[at] ^ flip) & (ulong.MaxValue << (start & 63));
        while (word == 0 && at < last)
        {
            word = bits[++at] ^ flip;
        }

        return word == 0 ? end : Math.Min(end, (at << 6) + BitOperations.TrailingZeroCount(word));
    }

    public static void And(Span<ulong> bits, ReadOnlySpan<ulong> others) => Combine<Anding>(bits, others);

    public static void AndNot(Span<ulong> bits, ReadOnlySpan<ulong> others) => Combine<AndNotting>(bits, others);

    public static void Or(Span<ulong> bits, ReadOnlySpan<ulong> others) => Combine<Oring>(bits, others);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Count(ReadOnlySpan<ulong> bits)
    {
        long one = 0, two = 0, three = 0, four = 0;
        var at = 0;
        for (; at <= bits.Length - 4; at += 4)
        {
            one += BitOperations.PopCount(bits[at]);
            two += BitOperations.PopCount(bits[at + 1]);
            three += BitOperations.PopCount(bits[at + 2]);
            four += BitOperations.PopCount(bits[at + 3]);
        }

        for (; at < bits.Length; at++)
        {
            one += BitOperations.PopCount(bits[at]);
        }

        return (int)(one + two + three + four);
    }

    /// <summary>How many are set from start to before end.</summary>
    public static int Count(ReadOnlySpan<ulong> bits, int start, int end)
    {
        if (start >= end)
        {
            return 0;
        }

        var (first, last) = (start >> 6, (end - 1) >> 6);
        var (head, tail) = (ulong.MaxValue << (start & 63), ulong.MaxValue >> (63 - ((end - 1) & 63)));
        return first == last
            ? BitOperations.PopCount(bits[first] & head & tail)
            : BitOperations.PopCount(bits[first] & head) + Count(bits[(first + 1)..last]) + BitOperations.PopCount(bits[last] & tail);
    }

    /// <summary>Adds those that are set from a place, with an offset, until there are so many.</summary>
    public static void AddFrom(ReadOnlySpan<ulong> bits, int start, int offset, int most, List<int> found)
    {
        for (var at = start >> 6; at < bits.Length && found.Count < most; at++)
        {
            for (var word = at == start >> 6 ? bits[at] & (ulong.MaxValue << (start & 63)) : bits[at]; word != 0 && found.Count < most; word &= word - 1)
            {
                found.Add(offset + (at << 6) + BitOperations.TrailingZeroCount(word));
            }
        }
    }

    /// <summary>Moves those of the places of one container to the front that are set, or that are not; answers how many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Keep(Span<ushort> places, ReadOnlySpan<ulong> container, bool isNot = false)
    {
        container = container[..PostingContainer.Words]; // So that no place needs to be checked.
        var (kept, flip) = (0, isNot ? 1UL : 0);
        foreach (var place in places)
        {
            places[kept] = place;
            kept += (int)(((container[place >> 6] >> place) & 1) ^ flip);
        }

        return kept;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Combine<T>(Span<ulong> bits, ReadOnlySpan<ulong> others)
        where T : ICombining
    {
        var to = MemoryMarshal.Cast<ulong, Vector<ulong>>(bits);
        var from = MemoryMarshal.Cast<ulong, Vector<ulong>>(others[..bits.Length]);
        for (var at = 0; at < to.Length; at++)
        {
            to[at] = T.Of(to[at], from[at]);
        }
    }

    private interface ICombining
    {
        static abstract Vector<ulong> Of(Vector<ulong> one, Vector<ulong> other);
    }

    private readonly struct Anding : ICombining
    {
        public static Vector<ulong> Of(Vector<ulong> one, Vector<ulong> other) => one & other;
    }

    private readonly struct AndNotting : ICombining
    {
        public static Vector<ulong> Of(Vector<ulong> one, Vector<ulong> other) => Vector.AndNot(one, other);
    }

    private readonly struct Oring : ICombining
    {
        public static Vector<ulong> Of(Vector<ulong> one, Vector<ulong> other) => one | other;
    }
}
