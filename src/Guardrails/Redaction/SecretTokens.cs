using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace McpInfra.Guardrails.Redaction;

/// <summary>
/// The one place where a secret becomes text that may be shown: `[secret:KIND:XXXXXXXX]`, stable under one organisation's key, so equality
/// stays visible and nothing can be reversed.
/// </summary>
/// <param name="key">The organisation's key, 32 bytes or more, kept out of every answer.</param>
public sealed class SecretTokens(byte[] key)
{
    /// <summary>What every token starts with.</summary>
    internal const string Open = "[secret:";

    /// <summary>Most characters of a token.</summary>
    internal const int Longest = 42;

    private const int LongestKind = 24;
    private const int Digits = 8;
    private static readonly SearchValues<char> KindLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");

    private readonly byte[] key = key.Length >= 16 ? [.. key] : throw new ArgumentException("The key of secret tokens has at least 16 bytes.", nameof(key));

    /// <summary>The token that stands for a value; a value that is a token already is returned as it is.</summary>
    /// <param name="kind">What the value is, for the reader: letters, digits and hyphens; anything else is dropped.</param>
    /// <param name="value">The secret.</param>
    public string Token(string kind, string value)
    {
        if (IsToken(value))
        {
            return value;
        }

        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var bytes = Encoding.UTF8.GetBytes(value);
        HMACSHA256.HashData(key, bytes, digest);
        CryptographicOperations.ZeroMemory(bytes);
        return $"{Open}{Named(kind)}:{Convert.ToHexStringLower(digest[..(Digits / 2)])}]";
    }

    /// <summary>Whether the text is one of our tokens and nothing else.</summary>
    public static bool IsToken(ReadOnlySpan<char> text) => LengthAt(text) == text.Length && text.Length > 0;

    /// <summary>Length of the token that the text starts with; 0 when it starts with none.</summary>
    public static int LengthAt(ReadOnlySpan<char> text)
    {
        if (!text.StartsWith(Open, StringComparison.Ordinal))
        {
            return 0;
        }

        var rest = text[Open.Length..];
        var kind = rest.IndexOfAnyExcept(KindLetters);
        if (kind is < 1 or > LongestKind || rest[kind] != ':' || rest.Length < kind + Digits + 2)
        {
            return 0;
        }

        var digits = rest.Slice(kind + 1, Digits);
        return !digits.ContainsAnyExcept(Hex) && rest[kind + 1 + Digits] == ']' ? Open.Length + kind + Digits + 2 : 0;
    }

    private static string Named(string kind)
    {
        var name = string.Concat(kind.ToLowerInvariant().Where(letter => KindLetters.Contains(letter)).Take(LongestKind));
        return name.Length > 0 ? name : "value";
    }
}
