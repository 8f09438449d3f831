namespace McpInfra.Graph.Store;

/// <summary>Nodes of one version as bytes: the steps from one to the next as variable-length numbers, whose lowest bit says that relations changed, and the next that the row did.</summary>
internal static class JournalEntry
{
    public static byte[] Pack(IReadOnlySet<long> rows, IReadOnlySet<long> relations)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        var last = 0L;
        foreach (var node in rows.Union(relations).Order())
        {
            writer.Write7BitEncodedInt64(((node - last) << 2) | (rows.Contains(node) ? 2L : 0L) | (relations.Contains(node) ? 1L : 0L));
            last = node;
        }

        writer.Flush();
        return bytes.ToArray();
    }

    public static void Unpack(byte[] packed, ISet<long> rows, ISet<long> relations)
    {
        using var reader = new BinaryReader(new MemoryStream(packed));
        for (var node = 0L; reader.BaseStream.Position < packed.Length;)
        {
            var step = reader.Read7BitEncodedInt64();
            node += step >> 2;
            if ((step & 2) != 0)
            {
                rows.Add(node);
            }

            if ((step & 1) != 0)
            {
                relations.Add(node);
            }
        }
    }
}
