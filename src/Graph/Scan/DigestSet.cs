namespace McpInfra.Graph.Scan;

/// <summary>Digests, side by side in one array: a set of objects takes three times the memory, and a scan of a million resources holds five million of them.</summary>
internal sealed class DigestSet
{
    private UInt128[] slots = new UInt128[64]; // Zero is none.
    private bool hasZero;

    public int Count { get; private set; }

    /// <summary>Adds one; answers whether it was not there.</summary>
    public bool Add(UInt128 digest)
    {
        if (digest == 0)
        {
            (var isNew, hasZero) = (!hasZero, true);
            Count += isNew ? 1 : 0;
            return isNew;
        }

        ref var slot = ref Slot(digest);
        if (slot == digest)
        {
            return false;
        }

        slot = digest;
        if (++Count > slots.Length / 4 * 3)
        {
            Grow();
        }

        return true;
    }

    public bool Contains(UInt128 digest) => digest == 0 ? hasZero : Slot(digest) == digest;

    /// <summary>All, in no order.</summary>
    public void CopyTo(Span<UInt128> all)
    {
        var filled = 0;
        if (hasZero)
        {
            all[filled++] = 0;
        }

        foreach (var digest in slots)
        {
            if (digest != 0)
            {
                all[filled++] = digest;
            }
        }
    }

    private ref UInt128 Slot(UInt128 digest)
    {
        var mask = slots.Length - 1;
        var at = (int)(ulong)(digest >> 64) & mask; // As good as random, but for the lowest bits.
        while (slots[at] != 0 && slots[at] != digest)
        {
            at = (at + 1) & mask;
        }

        return ref slots[at];
    }

    private void Grow()
    {
        var old = slots;
        slots = new UInt128[old.Length * 2];
        foreach (var digest in old)
        {
            if (digest != 0)
            {
                Slot(digest) = digest;
            }
        }
    }
}
