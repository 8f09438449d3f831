using System.Runtime.InteropServices;

namespace McpInfra.Graph.Snapshot;

/// <summary>Packs ascending ranks of one value after another into containers.</summary>
internal sealed class PostingWriter
{
    private readonly List<uint> starts = [];
    private readonly List<PostingContainer> containers = [];
    private readonly List<ushort> arrays = [];
    private readonly List<ulong> bitmaps = [];

    /// <summary>The next value's ranks, ascending and each once.</summary>
    public void Add(ReadOnlySpan<int> ranks)
    {
        starts.Add((uint)containers.Count);
        while (ranks.Length > 0)
        {
            var upper = ranks[0] >> 16;
            var count = 0;
            while (count < ranks.Length && ranks[count] >> 16 == upper)
            {
                count++;
            }

            Add(upper, ranks[..count]);
            ranks = ranks[count..];
        }
    }

    /// <summary>The sections.</summary>
    public (byte[] Starts, byte[] Containers, byte[] Arrays, byte[] Bitmaps) Sections()
    {
        starts.Add((uint)containers.Count);
        return (Bytes(starts), Bytes(containers), Bytes(arrays), Bytes(bitmaps));
    }

    private void Add(int upper, ReadOnlySpan<int> ranks)
    {
        uint place;
        if (ranks.Length <= PostingContainer.MostInline)
        {
            place = ((uint)ranks[^1] << 16) | (ushort)ranks[0];
        }
        else if (ranks.Length <= PostingContainer.MostInArray)
        {
            place = (uint)arrays.Count;
            foreach (var rank in ranks)
            {
                arrays.Add((ushort)rank);
            }
        }
        else
        {
            place = (uint)bitmaps.Count;
            CollectionsMarshal.SetCount(bitmaps, bitmaps.Count + PostingContainer.Words);
            var words = CollectionsMarshal.AsSpan(bitmaps)[(int)place..];
            words.Clear();
            foreach (var rank in ranks)
            {
                words[(rank & 0xFFFF) >> 6] |= 1UL << (rank & 63);
            }
        }

        containers.Add(new PostingContainer(upper, ranks.Length, place));
    }

    private static byte[] Bytes<T>(List<T> list)
        where T : unmanaged => MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(list)).ToArray();
}
