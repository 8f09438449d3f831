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
