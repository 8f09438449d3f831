namespace McpInfra.Guardrails.Credentials;

/// <summary>The one port through which a credential is obtained: short-lived, for one intent on one target. Each issue is audited before it happens, and budgeted.</summary>
public interface ICredentials
{
    /// <summary>A credential for exactly this.</summary>
    /// <exception cref="CredentialException">There is none for the target, the session's budget is spent, or its issuer refused.</exception>
    ValueTask<Credential> For(Caller caller, CredentialIntent intent, Target target, CancellationToken stop);
}
