namespace McpInfra.Guardrails.Credentials;

/// <summary>What a credential is wanted for; it is good for no more than that.</summary>
public enum CredentialIntent
{
    /// <summary>Read one repository on its forge.</summary>
    ReadRepository,

    /// <summary>Push a branch of our own to one repository and open a pull request there.</summary>
    OpenPullRequest,
}
