using McpInfra.Graph.Collectors;
using McpInfra.Graph.Collectors.Kubernetes;
using McpInfra.Guardrails.Credentials;

namespace McpInfra.Tools.Credentials.Kubernetes;

/// <summary>Tokens and client certificates of clusters: out of a kubeconfig, of a mounted service account, or of a program that the operator has allowed by its path.</summary>
public sealed class KubernetesIssuer : ICredentialIssuer
{
    /// <summary>Where the service account is mounted, for the cluster that the server runs in.</summary>
    public string Mounted { get; init; } = KubeConfig.Mounted;

    /// <inheritdoc/>
    public Cloud Cloud => Cloud.Kubernetes;

    /// <inheritdoc/>
    public async ValueTask<Credential> IssueAsync(CloudCredential credential, CancellationToken stop)
    {
        var identity = (KubernetesIdentity)credential.Identity;
        try
        {
            return KubeConfig.Read(identity.KubeConfig, identity.Context, Mounted).User switch
            {
                KubeUser.Secret secret => new Credential(secret.Value.Reveal(), null),
                KubeUser.Program program => await TokenProgram.RunAsync(program, Allowed(program, identity), stop),
                _ => throw new CredentialException("The kubeconfig's user cannot be read."),
            };
        }
        catch (SourceException refused)
        {
            throw new CredentialException($"Credential of {credential.Owner}: {refused.Message}");
        }
    }

    private static string Allowed(KubeUser.Program program, KubernetesIdentity identity) =>
        identity.Programs.FirstOrDefault(allowed => allowed == program.Command || (!program.Command.Contains('/', StringComparison.Ordinal) && Path.GetFileName(allowed) == program.Command))
        ?? throw new CredentialException("The kubeconfig would run a program for its token, which is refused; if you trust it, add its absolute path to `allow_exec` of the source's credential.");
}
