namespace McpInfra.Guardrails.Credentials;

/// <summary>A secret with its end. Prints as a mask, compares by reference and has no value that serializers see.</summary>
public sealed class Credential(string secret, DateTimeOffset? expires)
{
    /// <summary>When it stops working; null when its issuer does not say.</summary>
    public DateTimeOffset? Expires { get; } = expires;

    /// <summary>The secret itself, for the one request that carries it.</summary>
    public string Reveal() => secret;

    /// <inheritdoc/>
    public override string ToString() => "[credential]";
}
