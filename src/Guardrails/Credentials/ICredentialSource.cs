namespace McpInfra.Guardrails.Credentials;

/// <summary>Issues credentials of one kind.</summary>
public interface ICredentialSource
{
    /// <summary>What it issues from, in our own words, for the trail: never a secret.</summary>
    string Description { get; }

    /// <summary>Whether it issues for the intent on the target.</summary>
    bool Serves(CredentialIntent intent, Target target);

    /// <summary>A credential that is good for no more than the intent on the target, where the issuer can limit it.</summary>
    /// <exception cref="CredentialException">The issuer refused or cannot be reached.</exception>
    ValueTask<Credential> IssueAsync(CredentialIntent intent, Target target, CancellationToken stop);
}
