using McpInfra.Guardrails;
using McpInfra.Guardrails.Credentials;

namespace McpInfra.Tools.Credentials;

/// <summary>Serves the one intent on the one source or stack that a credential is configured for, and on the accounts of its organisation.</summary>
public sealed class ConfiguredCredential(CloudCredential credential, ICredentialIssuer issuer) : ICredentialSource
{
    /// <inheritdoc/>
    public string Description => credential.Identity.Description;

    /// <inheritdoc/>
    public bool Serves(CredentialIntent intent, Target target) => intent == credential.Intent && Of(target) is not null;

    /// <inheritdoc/>
    public ValueTask<Credential> IssueAsync(CredentialIntent intent, Target target, CancellationToken stop) => issuer.IssueAsync(Of(target)!, stop);

    private CloudCredential? Of(Target target) => new[] { credential, credential.ForIam(), target.Account is { } account ? credential.In(account) : null }.FirstOrDefault(one => one is not null && (one.Target.Type, one.Target.Id) == (target.Type, target.Id));

    /// <summary>One for each configured credential.</summary>
    public static IEnumerable<ICredentialSource> All(IEnumerable<CloudCredential> configured, IReadOnlyList<ICredentialIssuer> issuers) =>
        configured.Select(credential => new ConfiguredCredential(credential, issuers.First(issuer => issuer.Cloud == credential.Cloud)));
}
