using System.Collections.Concurrent;

namespace McpInfra.Graph.Snapshot;

/// <summary>Keeps a few sets of bits of which none is set: to clear one for each question would take longer than a short walk does.</summary>
internal static class CleanBits
{
    private const int Most = 8;

    private static readonly ConcurrentQueue<ulong[]> Kept = new();

    /// <summary>At least so many words, all zero.</summary>
    public static ulong[] Rent(int words) => Kept.TryDequeue(out var bits) && bits.Length >= words ? bits : new ulong[words];

    /// <summary>Gives back bits of which only the ordinals are set.</summary>
    public static void Return(ulong[] bits, ReadOnlySpan<int> set)
    {
        if (set.Length > bits.Length)
        {
            Array.Clear(bits);
        }

        foreach (var ordinal in set.Length > bits.Length ? [] : set)
        {
            bits[ordinal >> 6] = 0;
        }

        if (Kept.Count < Most)
        {
            Kept.Enqueue(bits);
        }
    }
}
