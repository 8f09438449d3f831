namespace McpInfra.Graph.Store;

/// <summary>Nodes of one version as bytes: the steps from one to the next as variable-length numbers, whose lowest bit says that relations changed too.</summary>
internal static class JournalEntry
{
    public static byte[] Pack(IReadOnlySet<long> rows, IReadOnlySet<long> relations)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        var last = 0L;
        foreach (var node in rows.Union(relations).Order())
        {
            writer.Write7BitEncodedInt64(((node - last) << 1) | (relations.Contains(node) ? 1L : 0L));
            last = node;
        }

        writer.Flush();
        return bytes.ToArray();
    }

    public static void Unpack(byte[] packed, Action<long, bool> each)
    {
        using var reader = new BinaryReader(new MemoryStream(packed));
        for (var node = 0L; reader.BaseStream.Position < packed.Length;)
        {
            var step = reader.Read7BitEncodedInt64();
            node += step >> 1;
            each(node, (step & 1) != 0);
        }
    }
}
