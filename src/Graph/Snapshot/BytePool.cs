using System.Text;

namespace McpInfra.Graph.Snapshot;

/// <summary>Texts one after another in large blocks: a million of them as objects would cost twice the memory.</summary>
internal sealed class BytePool
{
    private const int BlockBytes = 1 << 20;

    private readonly List<byte[]> blocks = [];
    private int used = BlockBytes;

    /// <summary>Keeps a text; answers where.</summary>
    public Slice Add(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        if (length > BlockBytes - used)
        {
            blocks.Add(new byte[Math.Max(BlockBytes, length)]);
            used = 0;
        }

        Encoding.UTF8.GetBytes(text, blocks[^1].AsSpan(used));
        var slice = new Slice(blocks.Count - 1, used, length);
        used += length;
        return slice;
    }

    public ReadOnlyMemory<byte> this[Slice slice] => blocks[slice.Block].AsMemory(slice.Start, slice.Length);

    public int Compare(Slice one, Slice other) => blocks[one.Block].AsSpan(one.Start, one.Length).SequenceCompareTo(blocks[other.Block].AsSpan(other.Start, other.Length));

    /// <summary>Where a text lies.</summary>
    public readonly record struct Slice(int Block, int Start, int Length);
}
