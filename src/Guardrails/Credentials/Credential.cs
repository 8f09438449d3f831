namespace McpInfra.Guardrails.Credentials;

/// <summary>A secret with its end. Prints as a mask, compares by reference and has no value that serializers see.</summary>
public sealed class Credential
{
    private readonly string? keyId;
    private readonly string secret;
    private readonly string? sessionToken;

    /// <summary>A token or other single text.</summary>
    public Credential(string secret, DateTimeOffset? expires)
        : this(null, secret, null, expires)
    {
    }

    private Credential(string? keyId, string secret, string? sessionToken, DateTimeOffset? expires) =>
        (this.keyId, this.secret, this.sessionToken, Expires) = (keyId, secret, sessionToken, expires);

    /// <summary>When it stops working; null when its issuer does not say.</summary>
    public DateTimeOffset? Expires { get; }

    /// <summary>A private key that signs requests.</summary>
    /// <param name="keyId">What the service knows it by.</param>
    /// <param name="key">The key, PEM.</param>
    public static Credential OfKey(string keyId, string key) => new(keyId, key, null, null);

    /// <summary>Keys that sign requests to AWS.</summary>
    /// <param name="keyId">Access key id.</param>
    /// <param name="secret">Secret access key.</param>
    /// <param name="sessionToken">Session token; null for keys that have none.</param>
    /// <param name="expires">When they stop working; null when their issuer does not say.</param>
    public static Credential OfAws(string keyId, string secret, string? sessionToken, DateTimeOffset? expires) => new(keyId, secret, sessionToken, expires);

    /// <summary>The secret itself, for the one request that carries it.</summary>
    public string Reveal() => secret;

    /// <summary>What the service knows the key by; null for tokens. No secret, and still nothing that a serializer sees.</summary>
    public string? RevealKeyId() => keyId;

    /// <summary>The keys themselves, for the one request that they sign.</summary>
    /// <exception cref="InvalidOperationException">It is not AWS's.</exception>
    public (string KeyId, string Secret, string? SessionToken) RevealAws() => (keyId ?? throw new InvalidOperationException("This credential has no key id; it is not one of AWS."), secret, sessionToken);

    /// <inheritdoc/>
    public override string ToString() => "[credential]";
}
