using System.Collections.Concurrent;

namespace McpInfra.Graph.Snapshot;

/// <summary>Keeps a few sets of bits of which none is set: to clear one for each question would take longer than a short walk does.</summary>
internal static class CleanBits
{
    private const int Most = 8;

    private static readonly ConcurrentQueue<ulong[]> Kept = new();

    /// <summary>At least so many words, all zero.</summary>
    public static ulong[] Rent(int words) => Kept.TryDequeue(out var bits) && bits.Length >= words ? bits : new ulong[words];

    /// <summary>Gives back bits of which only the stretches are set.</summary>
    public static void Return(ulong[] bits, ReadOnlySpan<Stretch> set)
    {
        if (set.Length > bits.Length)
        {
            Array.Clear(bits);
        }

        foreach (var (start, end) in set.Length > bits.Length ? [] : set)
        {
            bits.AsSpan((start >> 6)..(((end - 1) >> 6) + 1)).Clear();
        }

        if (Kept.Count < Most)
        {
            Kept.Enqueue(bits);
        }
    }
}
