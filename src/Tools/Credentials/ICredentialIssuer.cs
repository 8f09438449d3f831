using McpInfra.Guardrails.Credentials;

namespace McpInfra.Tools.Credentials;

/// <summary>Issues credentials of one cloud.</summary>
public interface ICredentialIssuer
{
    /// <summary>The cloud.</summary>
    Cloud Cloud { get; }

    /// <summary>A credential as configured, good for an hour at most where its issuer can limit it. Every wait has a deadline.</summary>
    /// <exception cref="CredentialException">It is not to be had; the message says what mends it.</exception>
    ValueTask<Credential> IssueAsync(CloudCredential credential, CancellationToken stop);
}
