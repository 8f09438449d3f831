using System.Buffers;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using McpInfra.Guardrails.Redaction;

namespace McpInfra.Tools.Plans.State;

/// <summary>Looks into base64, also of what gzip made smaller, as user data and cloud-init parts are kept in a state.</summary>
internal static class EncodedText
{
    private const int Least = 16;
    private const int MostDecoded = 4 << 20;
    private static readonly SearchValues<char> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=\r\n");

    /// <summary>Whether what the text encodes holds a secret: one that is known, or one that only its smaller form hides. What cannot be looked into to its end counts as one.</summary>
    public static bool Hides(string text, KnownSecrets known)
    {
        if (text.Length < Least || text.AsSpan().ContainsAnyExcept(Letters) || Decoded(text) is not { } bytes)
        {
            return false;
        }

        if (bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
        {
            return Unzipped(bytes) is not { } inner || SecretScanner.Find(inner).Count > 0 || known.IsIn(inner);
        }

        return !known.IsEmpty && known.IsIn(Encoding.UTF8.GetString(bytes));
    }

    /// <summary>Whether a string within a JSON text is or holds a known secret, whichever way its letters are escaped.</summary>
    public static bool HidesInJson(string text, KnownSecrets known)
    {
        if (known.IsEmpty || !text.Contains('\\', StringComparison.Ordinal) || text.AsSpan().TrimStart() is not ['{' or '[' or '"', ..])
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && known.IsIn(reader.GetString()))
                {
                    return true;
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // No JSON after all.
        }

        return false;
    }

    private static byte[]? Decoded(string text)
    {
        var standard = text.Replace('-', '+').Replace('_', '/').TrimEnd('=', '\r', '\n');
        var bytes = new byte[standard.Length];
        return Convert.TryFromBase64String(standard + new string('=', (4 - standard.Count(letter => letter is not ('\r' or '\n')) % 4) % 4), bytes, out var length) ? bytes[..length] : null;
    }

    private static string? Unzipped(byte[] bytes)
    {
        try
        {
            using var zip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
            var inner = new byte[MostDecoded];
            var length = zip.ReadAtLeast(inner, inner.Length, throwOnEndOfStream: false);
            return length == inner.Length ? null : Encoding.UTF8.GetString(inner, 0, length);
        }
        catch (InvalidDataException)
        {
            return ""; // Not gzip after all.
        }
    }
}
