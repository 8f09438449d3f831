namespace McpInfra.Tools.Credentials;

/// <summary>As whom a cloud is asked, and how that identity is proven. Holds names and paths, never a secret.</summary>
public abstract record CloudIdentity
{
    private protected CloudIdentity()
    {
    }

    /// <summary>The cloud.</summary>
    public abstract Cloud Cloud { get; }

    /// <summary>The identity in our own words, for the trail.</summary>
    public abstract string Description { get; }

    /// <summary>Whether its cloud itself holds what is issued to the intent; otherwise the gate of a run, and the requests that we make, are all that does.</summary>
    public virtual bool IsNarrowed => false;

    /// <summary>Files that decide with the settings which identity it is; what an accepted configuration covers.</summary>
    public virtual IReadOnlyList<string> Files => [];
}

/// <summary>An AWS identity: the ambient chain of the server's account, unless a profile or a role is named.</summary>
/// <param name="Profile">A profile of the server's account; null for its ambient chain. With a role it is who assumes it.</param>
/// <param name="Role">The role to assume; null for none.</param>
/// <param name="Region">Region whose token service is asked.</param>
public sealed record AwsIdentity(string? Profile, AssumedRole? Role, string Region) : CloudIdentity
{
    /// <inheritdoc/>
    public override Cloud Cloud => Cloud.Aws;

    /// <summary>The role that is assumed in each account of its organisation, by the profile or the ambient chain themselves; null for none.</summary>
    public MemberRole? Members { get; init; }

    /// <inheritdoc/>
    public override string Description => (Role, Profile) switch
    {
        ({ } role, { } profile) => $"AWS role {role.Arn} by profile {profile}",
        ({ } role, null) => $"AWS role {role.Arn} by the ambient chain",
        (null, { } profile) => $"AWS profile {profile}",
        _ => "AWS ambient chain",
    } + (Members is { } members ? $", in accounts of the organisation as role {members.Name}" : "");

    /// <inheritdoc/>
    public override bool IsNarrowed => Role is not null;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Files => [.. new[] { Role?.SessionPolicy, Members?.SessionPolicy }.OfType<string>()];

    /// <summary>The identity in an account of its organisation.</summary>
    /// <param name="account">12 digits.</param>
    public AwsIdentity In(string account) => this with { Role = Members!.In(Partition, account), Members = null };

    /// <summary>The partition of AWS that the region is in.</summary>
    public string Partition => Region.StartsWith("us-gov-", StringComparison.Ordinal) ? "aws-us-gov" : Region.StartsWith("cn-", StringComparison.Ordinal) ? "aws-cn" : "aws";
}

/// <summary>A role by whose name every account of an organisation can be read.</summary>
/// <param name="Name">Its name, with its path if it has one.</param>
/// <param name="ExternalId">What its trust policy asks for; null for nothing.</param>
/// <param name="SessionName">The name of the session in the account's own trail.</param>
/// <param name="SessionPolicy">Absolute path of a policy that takes the place of the one made for the intent; null for that one.</param>
public sealed record MemberRole(string Name, string? ExternalId, string SessionName, string? SessionPolicy)
{
    /// <summary>The role of one account.</summary>
    public AssumedRole In(string partition, string account) => new($"arn:{partition}:iam::{account}:role/{Name}", ExternalId, SessionName, SessionPolicy);
}

/// <summary>A role that is assumed for an hour at most, narrowed by a session policy.</summary>
/// <param name="Arn">Its ARN.</param>
/// <param name="ExternalId">What its trust policy asks for; null for nothing.</param>
/// <param name="SessionName">The name of the session in the account's own trail.</param>
/// <param name="SessionPolicy">Absolute path of a policy that takes the place of the one made for the intent; null for that one.</param>
public sealed record AssumedRole(string Arn, string? ExternalId, string SessionName, string? SessionPolicy);

/// <summary>An Azure identity: the ambient chain of the server's account, unless another proof is named.</summary>
/// <param name="National">Which of Azure's clouds.</param>
/// <param name="Tenant">Tenant of the identity; null for the ambient one.</param>
/// <param name="Proof">How it is proven; null for the ambient chain.</param>
public sealed record AzureIdentity(AzureCloud National, string? Tenant, AzureProof? Proof) : CloudIdentity
{
    /// <inheritdoc/>
    public override Cloud Cloud => Cloud.Azure;

    /// <inheritdoc/>
    public override string Description => Proof switch
    {
        AzureProof.ManagedIdentity { ClientId: { } id } => $"Azure managed identity {id}",
        AzureProof.ManagedIdentity => "Azure managed identity",
        AzureProof.WorkloadIdentity { ClientId: var id } => $"Azure workload identity {id} of tenant {Tenant}",
        AzureProof.ClientSecret { ClientId: var id } => $"Azure application {id} of tenant {Tenant}",
        _ => "Azure ambient chain",
    };
}

/// <summary>How an Azure identity is proven.</summary>
public abstract record AzureProof
{
    private AzureProof()
    {
    }

    /// <summary>The machine's managed identity.</summary>
    /// <param name="ClientId">A user-assigned one; null for the system-assigned.</param>
    public sealed record ManagedIdentity(string? ClientId) : AzureProof;

    /// <summary>A federated token, exchanged for one of Azure's.</summary>
    /// <param name="ClientId">The application or managed identity that trusts the token's issuer.</param>
    /// <param name="TokenFile">Absolute path of the file that holds the token; read at each issue.</param>
    /// <param name="TokenEnvironment">Name of the server's environment variable that holds it, when no file does.</param>
    public sealed record WorkloadIdentity(string ClientId, string? TokenFile, string? TokenEnvironment) : AzureProof;

    /// <summary>An application's secret.</summary>
    /// <param name="ClientId">The application.</param>
    /// <param name="File">Absolute path of the file that holds the secret, which nobody else may read.</param>
    public sealed record ClientSecret(string ClientId, string File) : AzureProof;
}

/// <summary>Azure's clouds.</summary>
public enum AzureCloud
{
    /// <summary>The commercial one.</summary>
    Public,

    /// <summary>That of the government of the United States.</summary>
    UsGovernment,

    /// <summary>That of China.</summary>
    China,
}

/// <summary>A Google Cloud identity: the application default credentials of the server's account, unless a pool or a service account is named.</summary>
/// <param name="WorkloadIdentity">Absolute path of a credential configuration file of a workload identity pool; null for the application default.</param>
/// <param name="ServiceAccount">E-mail of the service account to impersonate; null for none.</param>
public sealed record GoogleIdentity(string? WorkloadIdentity, string? ServiceAccount) : CloudIdentity
{
    /// <inheritdoc/>
    public override Cloud Cloud => Cloud.Google;

    /// <inheritdoc/>
    public override string Description => (ServiceAccount is { } account ? $"Google service account {account} by " : "Google ")
        + (WorkloadIdentity is null ? "application default credentials" : "workload identity federation");

    /// <inheritdoc/>
    public override IReadOnlyList<string> Files => WorkloadIdentity is { } file ? [file] : [];
}

/// <summary>An identity of a Kubernetes cluster: that of the pod that the server runs in, unless a kubeconfig is named.</summary>
/// <param name="KubeConfig">Absolute path of the kubeconfig; null for the pod's service account.</param>
/// <param name="Context">Its context; null for the current one.</param>
/// <param name="Programs">Absolute paths of the programs that it may run for a token; no other is run.</param>
public sealed record KubernetesIdentity(string? KubeConfig, string? Context, IReadOnlyList<string> Programs) : CloudIdentity
{
    /// <inheritdoc/>
    public override Cloud Cloud => Cloud.Kubernetes;

    /// <inheritdoc/>
    public override string Description => KubeConfig is null ? "Kubernetes service account" : Context is null ? "Kubernetes kubeconfig" : $"Kubernetes kubeconfig context {Context}";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Files => KubeConfig is { } file ? [file, .. Programs] : [];

    /// <inheritdoc/>
    public override string ToString() => $"{Description} {KubeConfig} {string.Join(' ', Programs)}";
}

/// <summary>An identity of Oracle Cloud Infrastructure: a profile of a configuration file, unless a key is named.</summary>
/// <param name="ConfigFile">Absolute path of the configuration file; null for `~/.oci/config`.</param>
/// <param name="Profile">Its profile.</param>
/// <param name="Key">The key that is named in the settings themselves; null for the profile's.</param>
public sealed record OciIdentity(string? ConfigFile, string Profile, OciKey? Key) : CloudIdentity
{
    /// <inheritdoc/>
    public override Cloud Cloud => Cloud.Oci;

    /// <inheritdoc/>
    public override string Description => Key is { User: var user } ? $"OCI user {user}" : $"OCI profile {Profile}";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Files => ConfigFile is { } file ? [file] : [];
}

/// <summary>A signing key of an OCI user.</summary>
/// <param name="Tenancy">OCID of the tenancy.</param>
/// <param name="User">OCID of the user.</param>
/// <param name="Fingerprint">The key's fingerprint.</param>
/// <param name="File">Absolute path of the private key, PEM, which nobody else may read.</param>
public sealed record OciKey(string Tenancy, string User, string Fingerprint, string File);
