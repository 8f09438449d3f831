namespace McpInfra.Graph.Collectors;

/// <summary>A token or a private key. Prints as a mask, and has no value that serializers see.</summary>
public sealed class SourceSecret
{
    private readonly string secret;

    /// <summary>A secret and, where its kind has one, the public name of the key.</summary>
    public SourceSecret(string secret, string? keyId = null) => (this.secret, KeyId) = (secret, keyId);

    /// <summary>What the service knows the key by; null for tokens.</summary>
    public string? KeyId { get; }

    /// <summary>The secret itself, for the one request that carries or is signed by it.</summary>
    public string Reveal() => secret;

    /// <inheritdoc/>
    public override string ToString() => "[secret]";
}
