namespace McpInfra.Guardrails.Credentials;

/// <summary>A credential is not to be had; the message is our own words, says what mends it and holds no secret.</summary>
public sealed class CredentialException : Exception
{
    /// <inheritdoc/>
    public CredentialException(string message)
        : base(message)
    {
    }

    /// <inheritdoc/>
    public CredentialException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
