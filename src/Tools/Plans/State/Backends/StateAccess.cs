using McpInfra.Guardrails;
using McpInfra.Guardrails.Credentials;

namespace McpInfra.Tools.Plans.State.Backends;

using Cloud = McpInfra.Tools.Credentials.Cloud;

/// <summary>What a backend reads with: the credentials that the operator bound to the stack, asked for by one caller, and how much and how long.</summary>
/// <param name="credentials">Issues them.</param>
/// <param name="caller">Who the state is read for.</param>
/// <param name="owner">`REPOSITORY/STACK`, or `source NAME`.</param>
/// <param name="limits">How much and how long.</param>
public sealed class StateAccess(ICredentials credentials, Caller caller, string owner, StateLimits limits)
{
    /// <summary>How much and how long.</summary>
    public StateLimits Limits { get; } = limits;

    /// <summary>The backend's own secret: a password, a token or a connection.</summary>
    /// <exception cref="CredentialException">There is none.</exception>
    public ValueTask<Credential> SecretAsync(CancellationToken stop) => credentials.For(caller, CredentialIntent.ReadState, BackendSecrets.Target(owner), stop);

    /// <summary>The stack's credential for reading its state on a cloud.</summary>
    /// <exception cref="StateException">None is configured.</exception>
    /// <exception cref="CredentialException">It is not to be had.</exception>
    public ValueTask<Credential> CloudAsync(BackendPlace place, Cloud cloud, CancellationToken stop) =>
        place.Stack.CredentialFor(CredentialIntent.ReadState, cloud) is { } configured
            ? credentials.For(caller, CredentialIntent.ReadState, configured.Target, stop)
            : throw new StateException(
                $"The {place.Holder} keeps its state in the backend `{place.Kind}`, and no credential is configured to read it. Add `credentials: {{ state: {{ {cloud.ToString().ToLowerInvariant()}: {{}} }} }}` to the {place.Holder} in mcp-infra.yaml "
                + "(the ambient chain of the server's account; name a role to narrow it), or name a copy (`terraform state pull > FILE`) in the stack's `state`.");
}
