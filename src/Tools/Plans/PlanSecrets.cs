using System.Security.Cryptography;
using McpInfra.Guardrails.Redaction;

namespace McpInfra.Tools.Plans;

/// <summary>The organisation's tokens, and the key of hashes over what may hold secrets.</summary>
/// <param name="tokens">The organisation's tokens.</param>
/// <param name="key">The organisation's key, 16 bytes or more.</param>
public sealed class PlanSecrets(SecretTokens tokens, byte[] key)
{
    private readonly byte[] key = [.. key];

    /// <summary>The organisation's tokens.</summary>
    public SecretTokens Tokens { get; } = tokens;

    /// <summary>Masks by these tokens.</summary>
    public Redactor Redactor { get; } = new(tokens);

    /// <summary>A hash that nobody without the key can test guesses against, hexadecimal.</summary>
    public string KeyedHash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(HMACSHA256.HashData(key, bytes));
}
