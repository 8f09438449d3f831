using System.Runtime.InteropServices;

namespace McpInfra.Graph.Snapshot;

/// <summary>Packs ascending ordinals of one value after another into containers.</summary>
internal sealed class PostingWriter
{
    private readonly List<uint> starts = [];
    private readonly List<PostingContainer> containers = [];
    private readonly List<ushort> arrays = [];
    private readonly List<ulong> bitmaps = [];

    /// <summary>The next value's ordinals, ascending and each once.</summary>
    public void Add(ReadOnlySpan<int> ordinals)
    {
        starts.Add((uint)containers.Count);
        while (ordinals.Length > 0)
        {
            var upper = ordinals[0] >> 16;
            var count = 0;
            while (count < ordinals.Length && ordinals[count] >> 16 == upper)
            {
                count++;
            }

            Add(upper, ordinals[..count]);
            ordinals = ordinals[count..];
        }
    }

    /// <summary>The sections.</summary>
    public (byte[] Starts, byte[] Containers, byte[] Arrays, byte[] Bitmaps) Sections()
    {
        starts.Add((uint)containers.Count);
        return (Bytes(starts), Bytes(containers), Bytes(arrays), Bytes(bitmaps));
    }

    private void Add(int upper, ReadOnlySpan<int> ordinals)
    {
        uint place;
        if (ordinals.Length <= PostingContainer.MostInline)
        {
            place = ((uint)ordinals[^1] << 16) | (ushort)ordinals[0];
        }
        else if (ordinals.Length <= PostingContainer.MostInArray)
        {
            place = (uint)arrays.Count;
            foreach (var ordinal in ordinals)
            {
                arrays.Add((ushort)ordinal);
            }
        }
        else
        {
            place = (uint)bitmaps.Count;
            CollectionsMarshal.SetCount(bitmaps, bitmaps.Count + PostingContainer.Words);
            var words = CollectionsMarshal.AsSpan(bitmaps)[(int)place..];
            words.Clear();
            foreach (var ordinal in ordinals)
            {
                words[(ordinal & 0xFFFF) >> 6] |= 1UL << (ordinal & 63);
            }
        }

        containers.Add(new PostingContainer((ushort)upper, (ushort)(ordinals.Length - 1), place));
    }

    private static byte[] Bytes<T>(List<T> list)
        where T : unmanaged => MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(list)).ToArray();
}
