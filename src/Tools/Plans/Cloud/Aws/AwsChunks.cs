using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace McpInfra.Tools.Plans.Cloud.Aws;

/// <summary>A body in aws-chunked form: each chunk signed or not, with or without a trailer. Source: AWS, "Signature calculations for the Authorization header: transferring payload in multiple chunks".</summary>
internal static class AwsChunks
{
    /// <summary>How the payload's stand-in starts when the body is in this form.</summary>
    public const string Streaming = "STREAMING-";

    private const string Signed = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
    private const string SignedWithTrailer = Signed + "-TRAILER";
    private const string UnsignedWithTrailer = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
    private const int MostLine = 1024;

    /// <summary>The plain body; null when it is malformed or a signature in it is wrong.</summary>
    public static byte[]? Read(byte[] body, string payload, PresentedSignature seed, string secret)
    {
        var signed = payload is Signed or SignedWithTrailer;
        if (!signed && payload != UnsignedWithTrailer)
        {
            return null;
        }

        using var plain = new MemoryStream();
        var rest = body.AsSpan();
        var previous = seed.Signature;
        while (Line(ref rest) is { } line)
        {
            var parts = line.Split(';');
            if (!int.TryParse(parts[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size) || size < 0 || size > rest.Length)
            {
                return null;
            }

            var chunk = rest[..size];
            if (signed)
            {
                var right = SignatureV4.OfText($"AWS4-HMAC-SHA256-PAYLOAD\n{seed.Time}\n{seed.Scope}\n{previous}\n{SignatureV4.EmptyHash}\n{SignatureV4.HashOf(chunk)}", seed.Scope, secret);
                if (parts is not [_, var given] || !Same(given, "chunk-signature=" + right))
                {
                    return null;
                }

                previous = right;
            }

            rest = rest[size..];
            if (size == 0)
            {
                return Trailer(ref rest, payload, previous, seed, secret) ? plain.ToArray() : null;
            }

            plain.Write(chunk);
            if (Line(ref rest) is not "")
            {
                return null;
            }
        }

        return null;
    }

    private static bool Trailer(ref Span<byte> rest, string payload, string previous, PresentedSignature seed, string secret)
    {
        var trailer = new StringBuilder();
        string? given = null;
        while (Line(ref rest) is { Length: > 0 } line)
        {
            if (line.StartsWith("x-amz-trailer-signature:", StringComparison.Ordinal))
            {
                given = line["x-amz-trailer-signature:".Length..];
            }
            else
            {
                trailer.Append(line).Append('\n');
            }
        }

        return rest.IsEmpty && (payload != SignedWithTrailer || (given is not null && Same(given, SignatureV4.OfText(
            $"AWS4-HMAC-SHA256-TRAILER\n{seed.Time}\n{seed.Scope}\n{previous}\n{SignatureV4.HashOf(Encoding.Latin1.GetBytes(trailer.ToString()))}", seed.Scope, secret))));
    }

    private static string? Line(ref Span<byte> rest)
    {
        var end = rest[..Math.Min(rest.Length, MostLine)].IndexOf("\r\n"u8);
        if (end < 0)
        {
            return null;
        }

        var line = Encoding.Latin1.GetString(rest[..end]);
        rest = rest[(end + 2)..];
        return line;
    }

    private static bool Same(string one, string other) => CryptographicOperations.FixedTimeEquals(Encoding.Latin1.GetBytes(one), Encoding.Latin1.GetBytes(other));
}
