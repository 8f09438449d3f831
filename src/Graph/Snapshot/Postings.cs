namespace McpInfra.Graph.Snapshot;

/// <summary>Which resources have a value of a facet.</summary>
internal readonly ref struct Postings(SnapshotFile file)
{
    private readonly ReadOnlySpan<uint> starts = file.Section<uint>(SnapshotSection.ContainerStarts);
    private readonly ReadOnlySpan<PostingContainer> containers = file.Section<PostingContainer>(SnapshotSection.Containers);
    private readonly ReadOnlySpan<ushort> arrays = file.Section<ushort>(SnapshotSection.Arrays);
    private readonly ReadOnlySpan<ulong> bitmaps = file.Section<ulong>(SnapshotSection.Bitmaps);

    /// <summary>How many resources have the value.</summary>
    public int Count(int value)
    {
        var count = 0;
        foreach (ref readonly var container in Of(value))
        {
            count += container.Count;
        }

        return count;
    }

    /// <summary>Sets those that have the value.</summary>
    public void SetIn(Span<ulong> bits, int value)
    {
        foreach (ref readonly var container in Of(value))
        {
            var words = bits.Slice(container.Upper * PostingContainer.Words, PostingContainer.Words);
            if (container.Count > PostingContainer.MostInArray)
            {
                Bits.Or(words, bitmaps.Slice((int)container.Place, PostingContainer.Words));
            }
            else if (container.Count > PostingContainer.MostInline)
            {
                foreach (var lower in arrays.Slice((int)container.Place, container.Count))
                {
                    Bits.Set(words, lower);
                }
            }
            else
            {
                Bits.Set(words, (int)(container.Place & 0xFFFF));
                Bits.Set(words, (int)(container.Place >> 16));
            }
        }
    }

    /// <summary>How many of those set have the value.</summary>
    public int CountIn(ReadOnlySpan<ulong> bits, int value)
    {
        var count = 0;
        foreach (ref readonly var container in Of(value))
        {
            var words = bits.Slice(container.Upper * PostingContainer.Words, PostingContainer.Words);
            if (container.Count > PostingContainer.MostInArray)
            {
                var have = bitmaps.Slice((int)container.Place, PostingContainer.Words);
                for (var at = 0; at < PostingContainer.Words; at++)
                {
                    count += System.Numerics.BitOperations.PopCount(words[at] & have[at]);
                }
            }
            else if (container.Count > PostingContainer.MostInline)
            {
                foreach (var lower in arrays.Slice((int)container.Place, container.Count))
                {
                    count += (int)((words[lower >> 6] >> (lower & 63)) & 1);
                }
            }
            else
            {
                count += Bits.Has(words, (int)(container.Place & 0xFFFF)) ? 1 : 0;
                count += container.Count == 2 && Bits.Has(words, (int)(container.Place >> 16)) ? 1 : 0;
            }
        }

        return count;
    }

    /// <summary>Whether a resource has the value.</summary>
    public bool Has(int value, int ordinal)
    {
        var lower = ordinal & 0xFFFF;
        foreach (ref readonly var container in Of(value))
        {
            if (container.Upper == ordinal >> 16)
            {
                return container.Count switch
                {
                    > PostingContainer.MostInArray => Bits.Has(bitmaps.Slice((int)container.Place, PostingContainer.Words), lower),
                    > PostingContainer.MostInline => arrays.Slice((int)container.Place, container.Count).BinarySearch((ushort)lower) >= 0,
                    _ => lower == (container.Place & 0xFFFF) || lower == container.Place >> 16,
                };
            }
        }

        return false;
    }

    private ReadOnlySpan<PostingContainer> Of(int value) => containers[(int)starts[value]..(int)starts[value + 1]];
}
