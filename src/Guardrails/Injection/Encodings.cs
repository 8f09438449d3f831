using System.Buffers;
using System.IO.Compression;
using McpInfra.Guardrails.Redaction;

namespace McpInfra.Guardrails.Injection;

/// <summary>Text that stands encoded in a text, as base64 (also of UTF-16, or from its end), base32 or hexadecimal, also compressed (gzip, zlib, deflate).</summary>
internal static class Encodings
{
    private const int Shortest = 20;
    private const int Head = 18;
    private const int MostEncoded = View.Most;

    // Text seldom compresses to less than a tenth; what goes on longer is made to be long.
    private const int MostGrowth = 16;
    private const int LeastRoom = 1024;
    private const string Both = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_";
    private static readonly Runs Encoded = new(Both, Shortest);
    private static readonly SearchValues<char> Letters = SearchValues.Create(Both);
    private static readonly SearchValues<char> Base32 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>Reads the next run of such letters that decodes to text; false when there is none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">Where to look on.</param>
    /// <param name="spent">Letters decoded so far, to a bound.</param>
    /// <param name="view">Takes what the run decodes to.</param>
    public static bool Next(ReadOnlySpan<char> text, ref int at, ref int spent, View view)
    {
        while (spent < MostEncoded && Encoded.Next(text, at) is (var start, > 0 and var length))
        {
            spent += length;
            at = start + length;
            if (Unwrap(text, ref at, ref spent, start, length, view))
            {
                return true;
            }

            Decode(text.Slice(start, Math.Min(length, MostEncoded)), start, view);
            if (view.Length > 0)
            {
                return true;
            }
        }

        return false;
    }

    // Base64 that was cut into lines of one length, but for the last; false when it is no text.
    private static bool Unwrap(ReadOnlySpan<char> text, ref int at, ref int spent, int start, int length, View view)
    {
        if (LineEnd(text[at..]) is not (> 0 and var end) || at + end == text.Length || !Letters.Contains(text[at + end]) || !Begins(text.Slice(start, Math.Min(length, Head / 3 * 4)), turned: false))
        {
            return false;
        }

        var joined = ArrayPool<char>.Shared.Rent(MostEncoded);
        var (letters, next, last) = (0, start, start);
        while (text[next..].IndexOfAnyExcept(Letters) is var line && (line < 0 ? text.Length - next : line) is > 0 and var run && run <= length && spent + letters + run <= MostEncoded)
        {
            text.Slice(next, run).CopyTo(joined.AsSpan(letters));
            (letters, last) = (letters + run, next + run);
            next = last + LineEnd(text[last..]);
            if (run < length || next == last)
            {
                break;
            }
        }

        Decode(joined.AsSpan(0, letters), start, view);
        view.Spread(start, last);
        ArrayPool<char>.Shared.Return(joined);
        spent += letters;
        at = view.Length > 0 ? last : at;
        return view.Length > 0;
    }

    // The length of the line end that the text starts with, plain or escaped, and of the blanks behind it.
    private static int LineEnd(ReadOnlySpan<char> text)
    {
        var length = text.StartsWith("\r\n") || text.StartsWith("\\n") ? 2 : text.StartsWith("\n") ? 1 : text.StartsWith("\\r\\n") ? 4 : 0;
        return length == 0 ? 0 : length + Math.Max(0, text[length..].IndexOfAnyExcept(' '));
    }

    private static void Decode(ReadOnlySpan<char> run, int start, View view)
    {
        // Both bases write capitals in every few letters; names and paths, which most long runs are, have none.
        var isHex = !run.ContainsAnyExcept(Hex);
        if (!isHex && !run.ContainsAnyInRange('A', 'Z'))
        {
            return;
        }

        var rented = ArrayPool<byte>.Shared.Rent(run.Length + 4);
        try
        {
            if (isHex)
            {
                _ = Convert.FromHexString(run[..(run.Length / 2 * 2)], rented, out _, out var written);
                Take(rented, written, run, start, 4, "hexadecimal", view);
                return;
            }

            if (Begins(run[..Math.Min(run.Length, Head / 3 * 4)], turned: false))
            {
                Take(rented, FromBase64(run, turned: false, rented), run, start, 6, "base64", view);
            }

            if (view.Length == 0 && !run.ContainsAnyExcept(Base32))
            {
                Take(rented, FromBase32(run, rented), run, start, 5, "base32", view);
            }
            else if (view.Length == 0 && Begins(run[^Math.Min(run.Length, Head / 3 * 4)..], turned: true))
            {
                Take(rented, FromBase64(run, turned: true, rented), run, start, 0, "base64 from its end", view);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    // A look at a few bytes spares the rest.
    private static bool Begins(ReadOnlySpan<char> run, bool turned)
    {
        Span<byte> head = stackalloc byte[Head];
        Span<char> plain = stackalloc char[Head / 3 * 4];
        plain = plain[..(run.Length / 4 * 4)];
        Standard(turned ? run[^plain.Length..] : run[..plain.Length], plain, turned);
        return Convert.TryFromBase64Chars(plain, head, out var read) && head[..read] is var bytes
            && (PrintedBytes.MayBegin(bytes) || (!turned && (IsWide(bytes) || IsPacked(bytes) || MayBeDeflated(bytes))));
    }

    private static int FromBase64(ReadOnlySpan<char> run, bool turned, Span<byte> bytes)
    {
        var letters = ArrayPool<char>.Shared.Rent(run.Length + 3);
        Standard(run, letters, turned);
        var length = run.Length % 4 == 1 ? run.Length - 1 : run.Length;
        while (length % 4 != 0)
        {
            letters[length++] = '=';
        }

        var whole = Convert.TryFromBase64Chars(letters.AsSpan(0, length), bytes, out var written);
        ArrayPool<char>.Shared.Return(letters);
        return whole ? written : 0;
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
    private static void Unpack(byte[] bytes, int length, ReadOnlySpan<char> run, int start, View view)
    {
        using var packed = new MemoryStream(bytes, 0, length);
        using Stream plain = !IsPacked(bytes) ? new DeflateStream(packed, CompressionMode.Decompress) : bytes[0] == 0x1F ? new GZipStream(packed, CompressionMode.Decompress) : new ZLibStream(packed, CompressionMode.Decompress);
        var rented = ArrayPool<byte>.Shared.Rent(View.Most);
        try
        {
            var most = Math.Min(View.Most, (length * MostGrowth) + LeastRoom);
            var read = plain.ReadAtLeast(rented.AsSpan(0, most), most, throwOnEndOfStream: false);
            Add(rented.AsSpan(0, read), run, start, 0, view);
        }
        catch (InvalidDataException)
        {
            // It only began like a compressed text.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static int FromBase32(ReadOnlySpan<char> run, Span<byte> bytes)
    {
        var (held, bits, at) = (0, 0, 0);
        foreach (var letter in run)
        {
            held = ((held << 5) | (letter <= '7' ? letter - '2' + 26 : letter - 'A')) & 0xFFFF;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                bytes[at++] = (byte)(held >> bits);
            }
        }

        return at;
    }

    private static void Standard(ReadOnlySpan<char> from, Span<char> to, bool turned)
    {
        to = to[..from.Length];
        from.CopyTo(to);
        to.Replace('-', '+');
        to.Replace('_', '/');
        if (turned)
        {
            to.Reverse();
        }
    }

    private static void Take(byte[] bytes, int length, ReadOnlySpan<char> run, int start, int bits, string name, View view)
    {
        view.Name = name;
        if (IsWide(bytes.AsSpan(0, Math.Min(length, Head))))
        {
            view.AddUtf16(bytes.AsSpan(0, length), start, start + run.Length, bits);
            return;
        }

        Add(bytes.AsSpan(0, length), run, start, bits, view);
        if (view.Length == 0 && bits is 4 or 6 && (IsPacked(bytes.AsSpan(0, length)) || (bits == 6 && MayBeDeflated(bytes.AsSpan(0, length)))))
        {
            view.Name = name + " > compressed";
            Unpack(bytes, length, run, start, view);
        }
    }

    private static void Add(ReadOnlySpan<byte> bytes, ReadOnlySpan<char> run, int start, int bits, View view)
    {
        if (bytes.Length >= Shortest / 2 && PrintedBytes.AreUtf8(bytes))
        {
            view.AddUtf8(bytes, start, start + run.Length, bits);
        }
    }
}
