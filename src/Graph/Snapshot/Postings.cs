using System.Numerics;

namespace McpInfra.Graph.Snapshot;

/// <summary>Which resources have a value of a facet, by rank: their place in the order of answers, so that the first of a selection are the first of its page.</summary>
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

    /// <summary>Whether any of a container has the value.</summary>
    public bool IsAny(int value, int upper) => Find(value, upper).Count > 0;

    /// <summary>Lists the lower halves of those that have the value, and answers how many; -1 where they are stored as bits.</summary>
    public int List(Span<ushort> listed, int value, int upper)
    {
        var container = Find(value, upper);
        switch (container.Count)
        {
            case > PostingContainer.MostInArray:
                return -1;
            case > PostingContainer.MostInline:
                arrays.Slice((int)container.Place, container.Count).CopyTo(listed);
                return container.Count;
            default:
                (listed[0], listed[1]) = ((ushort)container.Place, (ushort)(container.Place >> 16));
                return container.Count;
        }
    }

    /// <summary>Those of one container that have the value, where they are stored as bits; else empty.</summary>
    public ReadOnlySpan<ulong> Words(int value, int upper) =>
        Find(value, upper) is { Count: > PostingContainer.MostInArray } container ? bitmaps.Slice((int)container.Place, PostingContainer.Words) : [];

    /// <summary>Sets those that have the value.</summary>
    public void SetIn(Span<ulong> bits, int value)
    {
        foreach (ref readonly var container in Of(value))
        {
            SetIn(bits.Slice(container.Upper * PostingContainer.Words, PostingContainer.Words), container);
        }
    }

    /// <summary>Sets those that have the value, in the words of one container.</summary>
    public void SetIn(Span<ulong> words, int value, int upper)
    {
        if (Find(value, upper) is { Count: > 0 } container)
        {
            SetIn(words, container);
        }
    }

    /// <summary>Leaves those that have the value, in the words of one container; answers whether there can be any.</summary>
    public bool Leave(Span<ulong> words, int value, int upper, Span<ulong> spare)
    {
        if (Find(value, upper) is not { Count: > 0 } container)
        {
            words.Clear();
            return false;
        }

        if (container.Count > PostingContainer.MostInArray)
        {
            Snapshot.Bits.And(words, bitmaps.Slice((int)container.Place, PostingContainer.Words));
            return true;
        }

        spare.Clear();
        SetIn(spare, container);
        Snapshot.Bits.And(words, spare);
        return true;
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
                for (var at = 0; at < have.Length; at++)
                {
                    count += BitOperations.PopCount(words[at] & have[at]);
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
                count += Snapshot.Bits.Has(words, (int)(container.Place & 0xFFFF)) ? 1 : 0;
                count += container.Count == 2 && Snapshot.Bits.Has(words, (int)(container.Place >> 16)) ? 1 : 0;
            }
        }

        return count;
    }

    /// <summary>Whether the resource at a rank has the value.</summary>
    public bool Has(int value, int rank)
    {
        var (container, lower) = (Find(value, rank >> 16), rank & 0xFFFF);
        return container.Count switch
        {
            0 => false,
            > PostingContainer.MostInArray => Snapshot.Bits.Has(bitmaps.Slice((int)container.Place, PostingContainer.Words), lower),
            > PostingContainer.MostInline => arrays.Slice((int)container.Place, container.Count).BinarySearch((ushort)lower) >= 0,
            _ => lower == (container.Place & 0xFFFF) || lower == container.Place >> 16,
        };
    }

    private void SetIn(Span<ulong> words, PostingContainer container)
    {
        if (container.Count > PostingContainer.MostInArray)
        {
            Snapshot.Bits.Or(words, bitmaps.Slice((int)container.Place, PostingContainer.Words));
        }
        else if (container.Count > PostingContainer.MostInline)
        {
            foreach (var lower in arrays.Slice((int)container.Place, container.Count))
            {
                words[lower >> 6] |= 1UL << (lower & 63);
            }
        }
        else
        {
            Snapshot.Bits.Set(words, (int)(container.Place & 0xFFFF));
            Snapshot.Bits.Set(words, (int)(container.Place >> 16));
        }
    }

    private PostingContainer Find(int value, int upper)
    {
        foreach (ref readonly var container in Of(value))
        {
            if (container.Upper == upper)
            {
                return container;
            }
        }

        return default;
    }

    private ReadOnlySpan<PostingContainer> Of(int value) => containers[(int)starts[value]..(int)starts[value + 1]];
}
