using McpInfra.Guardrails;
using McpInfra.Guardrails.Credentials;

namespace McpInfra.Tools.Plans.State.Backends;

/// <summary>What a backend reads with: the credentials that the operator bound to the stack, asked for by one caller, and how much and how long.</summary>
/// <param name="credentials">Issues them.</param>
/// <param name="caller">Who the state is read for.</param>
/// <param name="owner">`REPOSITORY/STACK`.</param>
/// <param name="limits">How much and how long.</param>
public sealed class StateAccess(ICredentials credentials, Caller caller, string owner, StateLimits limits)
{
    /// <summary>How much and how long.</summary>
    public StateLimits Limits { get; } = limits;

    /// <summary>The backend's own secret: a password, a token or a connection.</summary>
    /// <exception cref="CredentialException">There is none.</exception>
    public ValueTask<Credential> SecretAsync(CancellationToken stop) => credentials.For(caller, CredentialIntent.ReadState, BackendSecrets.Target(owner), stop);
}
