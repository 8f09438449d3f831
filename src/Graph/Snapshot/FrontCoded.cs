using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace McpInfra.Graph.Snapshot;

/// <summary>Texts of which each begins as the one before: blocks of sixteen, in which a text is the length it shares with the one before, the length of its rest, and the rest.</summary>
internal static class FrontCoded
{
    private const int Block = 16;

    /// <summary>The section: number of blocks, where each begins, their bytes.</summary>
    public static byte[] Write(int count, Func<int, ReadOnlyMemory<byte>> text)
    {
        var starts = new uint[(count + Block - 1) / Block];
        var bytes = new MemoryStream();
        var before = ReadOnlyMemory<byte>.Empty;
        for (var at = 0; at < count; at++)
        {
            var now = text(at);
            if (at % Block == 0)
            {
                (starts[at / Block], before) = (checked((uint)bytes.Length), default);
            }

            var shared = before.Span.CommonPrefixLength(now.Span);
            WriteNumber(bytes, shared);
            WriteNumber(bytes, now.Length - shared);
            bytes.Write(now.Span[shared..]);
            before = now;
        }

        var section = new byte[sizeof(uint) + (starts.Length * sizeof(uint)) + (int)bytes.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(section, (uint)starts.Length);
        MemoryMarshal.AsBytes(starts.AsSpan()).CopyTo(section.AsSpan(sizeof(uint)));
        bytes.GetBuffer().AsSpan(0, (int)bytes.Length).CopyTo(section.AsSpan(sizeof(uint) * (starts.Length + 1)));
        return section;
    }

    /// <summary>The text at a place.</summary>
    public static string Read(ReadOnlySpan<byte> section, int at)
    {
        var blocks = (int)BinaryPrimitives.ReadUInt32LittleEndian(section);
        var starts = MemoryMarshal.Cast<byte, uint>(section.Slice(sizeof(uint), blocks * sizeof(uint)));
        var bytes = section[(sizeof(uint) * (blocks + 1))..];
        bytes = bytes[(int)starts[at / Block]..];
        Span<byte> text = stackalloc byte[512];
        var length = 0;
        for (var left = at % Block; left >= 0; left--)
        {
            var shared = ReadNumber(ref bytes);
            var rest = ReadNumber(ref bytes);
            length = shared + rest;
            if (length > text.Length)
            {
                var larger = new byte[length * 2];
                text[..shared].CopyTo(larger);
                text = larger;
            }

            bytes[..rest].CopyTo(text[shared..]);
            bytes = bytes[rest..];
        }

        return Encoding.UTF8.GetString(text[..length]);
    }

    private static void WriteNumber(Stream bytes, int number)
    {
        for (; number >= 0x80; number >>= 7)
        {
            bytes.WriteByte((byte)(number | 0x80));
        }

        bytes.WriteByte((byte)number);
    }

    private static int ReadNumber(ref ReadOnlySpan<byte> bytes)
    {
        var (number, at) = (0, 0);
        for (; bytes[at] >= 0x80; at++)
        {
            number |= (bytes[at] & 0x7F) << (7 * at);
        }

        number |= bytes[at] << (7 * at);
        bytes = bytes[(at + 1)..];
        return number;
    }
}
