using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace McpInfra.Guardrails.Audit;

/// <summary>
/// The chain of one writer's records. A record's hash is SHA-256 over the 32 bytes of the previous hash and then the record's own line up to
/// the comma before `"hash"`; the first record's previous hash is SHA-256 of "mcp-infra audit 1", a line end, the writer's name and a line end.
/// </summary>
internal static class AuditChain
{
    /// <summary>Bytes of a hash.</summary>
    public const int HashSize = 32;

    /// <summary>Bytes of what follows the hashed part of a line: `,"hash":"…"}`.</summary>
    public const int TailSize = 9 + (2 * HashSize) + 2;

    private static ReadOnlySpan<byte> TailStart => ",\"hash\":\""u8;

    /// <summary>The previous hash of a writer's first record.</summary>
    public static byte[] Genesis(string writer) => SHA256.HashData(Encoding.UTF8.GetBytes($"mcp-infra audit 1\n{writer}\n"));

    /// <summary>Appends one whole line to the buffer, and makes <paramref name="hash"/> the hash of it.</summary>
    /// <param name="to">The buffer.</param>
    /// <param name="hasher">SHA-256, reused.</param>
    /// <param name="seq">The record's number.</param>
    /// <param name="time">Its time, UTC.</param>
    /// <param name="body">The JSON members from kind to trace, without braces.</param>
    /// <param name="hash">The previous hash; becomes this record's.</param>
    public static void Append(ArrayBufferWriter<byte> to, IncrementalHash hasher, long seq, DateTime time, ReadOnlySpan<byte> body, Span<byte> hash)
    {
        var line = to.GetSpan(body.Length + 300);
        var length = Put(line, 0, "{\"seq\":"u8);
        seq.TryFormat(line[length..], out var written, provider: CultureInfo.InvariantCulture);
        length = Put(line, length + written, ",\"time\":\""u8);
        time.TryFormat(line[length..], out written, "O", CultureInfo.InvariantCulture);
        length = Put(line, length + written, "\","u8);
        length = Put(line, length, body);
        length = Put(line, length, ",\"prev\":\""u8);
        length += Hex(hash, line[length..]);
        length = Put(line, length, "\""u8);

        hasher.AppendData(hash);
        hasher.AppendData(line[..length]);
        hasher.GetHashAndReset(hash);
        length = Put(line, length, TailStart);
        length += Hex(hash, line[length..]);
        length = Put(line, length, "\"}\n"u8);
        to.Advance(length);
    }

    /// <summary>Whether a line, without its end, is sealed by its own hash over the given previous one; the hash found is written to <paramref name="hash"/>.</summary>
    public static bool IsSealed(ReadOnlySpan<byte> line, ReadOnlySpan<byte> previous, IncrementalHash hasher, Span<byte> hash)
    {
        Span<byte> claimed = stackalloc byte[HashSize];
        if (line.Length <= TailSize || !line[^TailSize..].StartsWith(TailStart) || !line.EndsWith("\"}"u8)
            || Convert.FromHexString(Encoding.ASCII.GetString(line[^(TailSize - 9)..^2]), claimed, out _, out var bytes) is not OperationStatus.Done || bytes != HashSize)
        {
            return false;
        }

        hasher.AppendData(previous);
        hasher.AppendData(line[..^TailSize]);
        hasher.GetHashAndReset(hash);
        return hash.SequenceEqual(claimed);
    }

    private static int Put(Span<byte> line, int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(line[at..]);
        return at + text.Length;
    }

    private static int Hex(ReadOnlySpan<byte> hash, Span<byte> to)
    {
        Convert.TryToHexStringLower(hash, to, out var written);
        return written;
    }
}
