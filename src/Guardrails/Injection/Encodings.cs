using System.Buffers;
using System.IO.Compression;
using System.Text;
using McpInfra.Guardrails.Redaction;

namespace McpInfra.Guardrails.Injection;

/// <summary>Text that stands encoded in a text, as base64 (also of UTF-16, or from its end), base32 or hexadecimal, also compressed (gzip, zlib, deflate).</summary>
internal static class Encodings
{
    private const int Shortest = 20;
    private const int Head = 18;
    private const int MostEncoded = 1 << 16;
    private static readonly SearchValues<char> Base64 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_");
    private static readonly SearchValues<char> Base32 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>What the runs of such letters decode to, where it is text, to a bounded length.</summary>
    public static IEnumerable<string> Decoded(string text)
    {
        foreach (var said in SpelledOut.Of(text))
        {
            yield return said;
        }

        if (Unseen.Selectors(text) is { } spelled)
        {
            yield return spelled;
        }

        var at = 0;
        var spent = 0;
        while (spent < MostEncoded && Runs.Next(text, at, Base64, Shortest) is (var start, > 0 and var length))
        {
            spent += length;
            at = start + length;
            if (Decoded(text.AsSpan(start, Math.Min(length, MostEncoded))) is { } decoded)
            {
                yield return decoded;
            }
        }
    }

    private static string? Decoded(ReadOnlySpan<char> run)
    {
        if (!run.ContainsAnyExcept(Hex))
        {
            var bytes = Convert.FromHexString(run[..(run.Length & ~1)]);
            return IsPacked(bytes) ? Unpacked(bytes, bytes.Length) : Text(bytes);
        }

        // A first look at a few bytes spares the rest.
        Span<byte> head = stackalloc byte[Head];
        Span<char> plain = stackalloc char[Head / 3 * 4];
        var look = Math.Min(run.Length / 4 * 4, plain.Length);
        Standard(run[..look], plain);
        if (Convert.TryFromBase64Chars(plain[..look], head, out var read) && (PrintedBytes.MayBegin(head[..read]) || IsWide(head[..read]) || IsPacked(head[..read]) || MayBeDeflated(head[..read])) && FromBase64(run) is { } decoded)
        {
            return decoded;
        }

        if (!run.ContainsAnyExcept(Base32))
        {
            return FromBase32(run);
        }

        Span<char> tail = stackalloc char[Head / 3 * 4];
        run[^look..].CopyTo(tail);
        tail[..look].Reverse();
        Standard(tail[..look], plain);
        return Convert.TryFromBase64Chars(plain[..look], head, out read) && PrintedBytes.MayBegin(head[..read]) ? FromBase64(Reversed(run)) : null;
    }

    private static char[] Reversed(ReadOnlySpan<char> run)
    {
        var turned = run.ToArray();
        turned.AsSpan().Reverse();
        return turned;
    }

    private static string? FromBase64(ReadOnlySpan<char> run)
    {
        var rented = ArrayPool<char>.Shared.Rent(run.Length + 3);
        try
        {
            Standard(run, rented);
            var length = run.Length % 4 == 1 ? run.Length - 1 : run.Length;
            while (length % 4 != 0)
            {
                rented[length++] = '=';
            }

            var bytes = new byte[length];
            return !Convert.TryFromBase64Chars(rented.AsSpan(0, length), bytes, out var written) ? null
                : IsWide(bytes.AsSpan(0, Math.Min(written, Head))) ? Encoding.Unicode.GetString(bytes, 0, written)
                : Text(bytes.AsSpan(0, written)) ?? (IsPacked(bytes) || MayBeDeflated(bytes) ? Unpacked(bytes, written) : null);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(rented);
        }
    }

    // UTF-16 of Latin letters: every second byte is nought.
    private static bool IsWide(ReadOnlySpan<byte> head)
    {
        for (var at = 1; at < head.Length; at += 2)
        {
            if (head[at] != 0 || head[at - 1] == 0)
            {
                return false;
            }
        }

        return head.Length > 1;
    }

    // Deflate has no magic number; a short text is one last block, of fixed or dynamic codes.
    private static bool MayBeDeflated(ReadOnlySpan<byte> head) => head.Length > 1 && (head[0] & 7) is 3 or 5;

    private static bool IsPacked(ReadOnlySpan<byte> head) => head is [0x1F, 0x8B, 8, ..] or [0x78, 0x01 or 0x5E or 0x9C or 0xDA, ..];

    // To a bounded length, however small the payload: what follows is not read.
    private static string? Unpacked(byte[] bytes, int length)
    {
        using var packed = new MemoryStream(bytes, 0, length);
        using Stream plain = !IsPacked(bytes) ? new DeflateStream(packed, CompressionMode.Decompress) : bytes[0] == 0x1F ? new GZipStream(packed, CompressionMode.Decompress) : new ZLibStream(packed, CompressionMode.Decompress);
        var rented = ArrayPool<byte>.Shared.Rent(MostEncoded);
        try
        {
            var read = plain.ReadAtLeast(rented, MostEncoded, throwOnEndOfStream: false);
            return Text(rented.AsSpan(0, read));
        }
        catch (InvalidDataException)
        {
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static string? FromBase32(ReadOnlySpan<char> run)
    {
        var bytes = new byte[run.Length * 5 / 8];
        var (held, bits, at) = (0, 0, 0);
        foreach (var letter in run)
        {
            held = ((held << 5) | (letter <= '7' ? letter - '2' + 26 : letter - 'A')) & 0xFFFF;
            bits += 5;
            if (bits >= 8 && at < bytes.Length)
            {
                bits -= 8;
                bytes[at++] = (byte)(held >> bits);
            }
        }

        return Text(bytes.AsSpan(0, at));
    }

    private static void Standard(ReadOnlySpan<char> from, Span<char> to)
    {
        for (var at = 0; at < from.Length; at++)
        {
            to[at] = from[at] switch { '-' => '+', '_' => '/', var other => other };
        }
    }

    private static string? Text(ReadOnlySpan<byte> bytes) => bytes.Length >= Shortest / 2 && PrintedBytes.AreUtf8(bytes) ? Encoding.UTF8.GetString(bytes) : null;
}
