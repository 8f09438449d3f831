using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace McpInfra.Graph.Snapshot;

/// <summary>
/// What a walk has reached: as bits, and as stretches in the order in which they were reached. A long list whose ordinals are neighbours is added whole,
/// and edges into the longest stretch are passed over eight at a time, for most of what a large part of a graph leads to is that part. Holds pooled memory until it is disposed.
/// </summary>
/// <param name="capacity">One more than the highest ordinal.</param>
internal sealed class Visited(int capacity) : IDisposable
{
    /// <summary>As many edges are looked at before there is room for more.</summary>
    private const int AtOnce = 4096;

    /// <summary>As many neighbours are worth to be looked for.</summary>
    private const int Many = 64;

    private ulong[] bits = CleanBits.Rent(Snapshot.Bits.Words(capacity));
    private Stretch[] stretches = ArrayPool<Stretch>.Shared.Rent(128);
    private int filled;
    private int closed;
    private Stretch longest;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    public ReadOnlySpan<ulong> Bits => bits.AsSpan(0, Snapshot.Bits.Words(capacity));

    public ReadOnlySpan<Stretch> Stretches => stretches.AsSpan(0, filled);

    public bool Has(int ordinal) => Snapshot.Bits.Has(bits, ordinal);

    /// <summary>Ends a level: what is added from now on is a stretch of its own.</summary>
    public void Close() => closed = filled;

    /// <summary>Adds ordinals of which none is there.</summary>
    public void Add(int start, int end)
    {
        Reserve(1);
        Snapshot.Bits.Fill(bits, start, end);
        Append(stretches, ref filled, start, end);
        Count += end - start;
    }

    /// <summary>Adds where edges of some types lead to.</summary>
    /// <param name="edges">One sorted list, or several one after another.</param>
    /// <param name="isOneList">Whether it is one, each edge once.</param>
    /// <param name="types">Bits of the types.</param>
    /// <param name="barred">Bits of ordinals that are left out; may be empty.</param>
    public void Add(ReadOnlySpan<uint> edges, bool isOneList, uint types, ReadOnlySpan<ulong> barred)
    {
        for (var at = 0; at < edges.Length;)
        {
            var last = Math.Min(at + Many, edges.Length) - 1;
            if (isOneList && last - at == Many - 1 && AreNeighbours(edges, at, last))
            {
                var end = EndOfNeighbours(edges, at, last);
                if (Edge.IsOf(edges[at], types))
                {
                    AddMissing(Edge.Other(edges[at]), Edge.Other(edges[end - 1]) + 1, barred);
                }

                at = end;
                continue;
            }

            var some = edges.Slice(at, Math.Min(isOneList ? Many : AtOnce, edges.Length - at));
            Reserve(some.Length);
            if (types == Edge.AnyType)
            {
                AddEach<AnyType>(some, types, barred);
            }
            else
            {
                AddEach<SomeTypes>(some, types, barred);
            }

            at += some.Length;
        }
    }

    /// <summary>Takes away what was reached last, so that so many stay.</summary>
    public void Cut(int most)
    {
        while (Count > most)
        {
            var last = stretches[filled - 1];
            var start = Math.Max(last.Start, last.End - (Count - most));
            Snapshot.Bits.Clear(bits, start, last.End);
            Count -= last.End - start;
            stretches[filled - 1] = last with { End = start };
            filled -= start == last.Start ? 1 : 0;
        }
    }

    public void Dispose()
    {
        CleanBits.Return(bits, Stretches);
        ArrayPool<Stretch>.Shared.Return(stretches);
        (bits, stretches, filled) = ([], [], 0);
    }

    private static bool AreNeighbours(ReadOnlySpan<uint> edges, int first, int last) =>
        edges[last] - edges[first] == (uint)(last - first) && Edge.Type(edges[last]) == Edge.Type(edges[first]);

    /// <summary>Where those end that are neighbours of the first, as those up to another are.</summary>
    private static int EndOfNeighbours(ReadOnlySpan<uint> edges, int first, int last)
    {
        var step = Many;
        while (last + step < edges.Length && AreNeighbours(edges, first, last + step))
        {
            (last, step) = (last + step, step * 2);
        }

        var end = Math.Min(edges.Length, last + step); // No neighbour, or no edge.
        while (end - last > 1)
        {
            var middle = (last + end) >>> 1;
            (last, end) = AreNeighbours(edges, first, middle) ? (middle, end) : (last, middle);
        }

        return end;
    }

    private void AddMissing(int start, int end, ReadOnlySpan<ulong> barred)
    {
        while (start < end)
        {
            var missing = Snapshot.Bits.FirstUnset(bits, start, end);
            var stop = Snapshot.Bits.FirstSet(bits, missing, end);
            while (missing < stop)
            {
                var free = barred.IsEmpty ? missing : Snapshot.Bits.FirstUnset(barred, missing, stop);
                missing = barred.IsEmpty ? stop : Snapshot.Bits.FirstSet(barred, free, stop);
                if (free < missing)
                {
                    Add(free, missing);
                }
            }

            start = stop;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddEach<T>(ReadOnlySpan<uint> edges, uint types, ReadOnlySpan<ulong> barred)
        where T : IWanted
    {
        var (set, to, end) = (bits, stretches, filled);
        var at = 0;
        var added = 0;
        if (longest.Count >= AtOnce)
        {
            var (start, count, others) = (Vector256.Create((uint)longest.Start), Vector256.Create((uint)longest.Count), Vector256.Create((uint)Edge.MostOrdinals - 1));
            ref var first = ref MemoryMarshal.GetReference(edges);
            for (; at <= edges.Length - Vector256<uint>.Count; at += Vector256<uint>.Count)
            {
                var outside = Vector256.GreaterThanOrEqual((Vector256.LoadUnsafe(ref first, (nuint)at) & others) - start, count).ExtractMostSignificantBits();
                for (; outside != 0; outside &= outside - 1)
                {
                    added += Take<T>(edges[at + BitOperations.TrailingZeroCount(outside)], types, set, barred, to, ref end);
                }
            }
        }

        for (; at < edges.Length; at++)
        {
            added += Take<T>(edges[at], types, set, barred, to, ref end);
        }

        (filled, Count) = (end, Count + added);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Take<T>(uint edge, uint types, ulong[] set, ReadOnlySpan<ulong> barred, Stretch[] to, ref int end)
        where T : IWanted
    {
        var other = Edge.Other(edge);
        ref var word = ref set[other >> 6];
        var bit = 1UL << (other & 63);
        if ((word & bit) != 0 || !T.Is(edge, types) || (!barred.IsEmpty && Snapshot.Bits.Has(barred, other)))
        {
            return 0;
        }

        word |= bit;
        Append(to, ref end, other, other + 1);
        return 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Append(Stretch[] to, ref int end, int first, int last)
    {
        if (end > closed && to[end - 1].End == first)
        {
            first = to[--end].Start;
        }

        var stretch = new Stretch(first, last);
        to[end++] = stretch;
        if (stretch.Count > longest.Count)
        {
            longest = stretch;
        }
    }

    private void Reserve(int more)
    {
        if (stretches.Length - filled < more)
        {
            var larger = ArrayPool<Stretch>.Shared.Rent(Math.Max(stretches.Length * 2, filled + more));
            Stretches.CopyTo(larger);
            ArrayPool<Stretch>.Shared.Return(stretches);
            stretches = larger;
        }
    }

    private interface IWanted
    {
        static abstract bool Is(uint edge, uint types);
    }

    private readonly struct AnyType : IWanted
    {
        public static bool Is(uint edge, uint types) => true;
    }

    private readonly struct SomeTypes : IWanted
    {
        public static bool Is(uint edge, uint types) => Edge.IsOf(edge, types);
    }
}
