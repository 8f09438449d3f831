using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace McpInfra.Graph.Store;

/// <summary>128 bits of SHA-256: enough to tell rows apart and to see that one has changed.</summary>
internal static class Fingerprint
{
    public static UInt128 Of(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    /// <summary>Of bytes, as if they were one.</summary>
    public static UInt128 Of(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (second.IsEmpty)
        {
            SHA256.HashData(first, hash);
            return BinaryPrimitives.ReadUInt128BigEndian(hash);
        }

        var whole = ArrayPool<byte>.Shared.Rent(first.Length + second.Length);
        first.CopyTo(whole);
        second.CopyTo(whole.AsSpan(first.Length));
        SHA256.HashData(whole.AsSpan(0, first.Length + second.Length), hash);
        ArrayPool<byte>.Shared.Return(whole);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    public static UInt128 Of(params ReadOnlySpan<string?> texts)
    {
        var whole = new StringBuilder();
        foreach (var text in texts)
        {
            whole.Append(text?.Length ?? -1).Append(':').Append(text);
        }

        return Of(whole.ToString());
    }

    public static byte[] Bytes(UInt128 value)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        return bytes;
    }

    public static UInt128 Read(byte[] bytes) => BinaryPrimitives.ReadUInt128BigEndian(bytes);
}
