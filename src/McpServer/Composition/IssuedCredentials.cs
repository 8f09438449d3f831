using McpInfra.Guardrails.Audit;
using McpInfra.Guardrails.Credentials;
using McpInfra.Tools.Credentials;
using McpInfra.Tools.Credentials.Aws;
using McpInfra.Tools.Credentials.Azure;
using McpInfra.Tools.Credentials.Google;
using McpInfra.Tools.Credentials.Kubernetes;
using McpInfra.Tools.Credentials.Oci;
using McpInfra.Tools.Plans.State.Backends;
using McpInfra.Tools.Proposals.Forges;
using McpInfra.Tools.Proposals.Forges.GitHub;

namespace McpInfra.Host.Composition;

/// <summary>Every credential that is configured, behind the one port.</summary>
internal static class IssuedCredentials
{
    /// <summary>The port: cached in front, recorded behind.</summary>
    public static ICredentials Of(Settings.Settings settings, IAuditTrail trail, TimeProvider time) =>
        new CachedCredentials(new AuditedCredentials([.. Forges(settings, time), .. BackendSecrets.Of(settings.Repositories), .. SourceStates.Secrets(settings.SourceBackends), .. settings.Terraform.Hosts, .. Clouds(settings, time)], trail, time), time);

    private static IEnumerable<ICredentialSource> Forges(Settings.Settings settings, TimeProvider time) =>
    [
        .. settings.Repositories.Where(repository => repository.Forge.App is not null).Select(repository => new GitHubAppCredentials(repository, time)),
        .. settings.Repositories.Where(repository => repository.Forge.TokenEnvironment is not null).Select(repository => new EnvironmentTokens(repository)),
    ];

    private static IEnumerable<ICredentialSource> Clouds(Settings.Settings settings, TimeProvider time) =>
        ConfiguredCredential.All(settings.Credentials, [new AwsIssuer(SessionPolicies.All, time), new AzureIssuer(time), new GoogleIssuer(time), new OciIssuer(), new KubernetesIssuer()]);
}
