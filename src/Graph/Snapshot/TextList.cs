using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace McpInfra.Graph.Snapshot;

/// <summary>A list of texts: how many, where each ends, their bytes.</summary>
internal static class TextList
{
    public static byte[] Write(IReadOnlyList<string> texts)
    {
        var bytes = new MemoryStream();
        var ends = new uint[texts.Count];
        for (var at = 0; at < ends.Length; at++)
        {
            bytes.Write(Encoding.UTF8.GetBytes(texts[at]));
            ends[at] = checked((uint)bytes.Length);
        }

        var section = new byte[(sizeof(uint) * (ends.Length + 1)) + (int)bytes.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(section, (uint)ends.Length);
        MemoryMarshal.AsBytes(ends.AsSpan()).CopyTo(section.AsSpan(sizeof(uint)));
        bytes.GetBuffer().AsSpan(0, (int)bytes.Length).CopyTo(section.AsSpan(sizeof(uint) * (ends.Length + 1)));
        return section;
    }

    public static int Count(ReadOnlySpan<byte> section) => (int)BinaryPrimitives.ReadUInt32LittleEndian(section);

    public static string Read(ReadOnlySpan<byte> section, int at)
    {
        var ends = MemoryMarshal.Cast<byte, uint>(section.Slice(sizeof(uint), Count(section) * sizeof(uint)));
        var start = at == 0 ? 0 : (int)ends[at - 1];
        return Encoding.UTF8.GetString(section[(sizeof(uint) * (ends.Length + 1))..].Slice(start, (int)ends[at] - start));
    }

    public static string[] ReadAll(ReadOnlySpan<byte> section)
    {
        var texts = new string[Count(section)];
        for (var at = 0; at < texts.Length; at++)
        {
            texts[at] = Read(section, at);
        }

        return texts;
    }
}
