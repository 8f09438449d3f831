using System.Text.RegularExpressions;
using McpInfra.Guardrails.Credentials;
using McpInfra.Guardrails.Manifests;
using McpInfra.Tools.Credentials;
using McpInfra.Tools.Credentials.Aws;

namespace McpInfra.Host.Settings;

/// <summary>Reads `credentials` of a source or a stack: for each intent, for each cloud, as whom and where.</summary>
/// <param name="folder">What paths are relative to.</param>
internal sealed partial class CredentialReader(string folder)
{
    private static readonly Dictionary<string, AzureCloud> AzureClouds = new() { ["public"] = AzureCloud.Public, ["usgovernment"] = AzureCloud.UsGovernment, ["china"] = AzureCloud.China };

    private static readonly Cloud[] PlannedClouds = [Cloud.Aws, Cloud.Azure, Cloud.Google];
    private static readonly string[] OciKeys = ["tenancy", "user", "fingerprint", "key_file"];
    private static readonly string[] Proofs = ["managed_identity", "workload_identity", "client_secret"];

    /// <summary>The credential of a source, or of one of its accounts; the ambient one when nothing is said.</summary>
    public CloudCredential OfSource(ManifestMap source, string owner, Cloud cloud, Uri? endpoint)
    {
        var read = Intents(source, "scan") is { } map ? ReadIntent(map, "scan", CredentialIntent.ScanSource, owner, [cloud]) : null;
        var credential = read is [var one, ..] ? one : new CloudCredential(CredentialIntent.ScanSource, Ambient(cloud), owner);
        return credential with { TokenService = credential.TokenService ?? (cloud is Cloud.Aws ? endpoint : null) };
    }

    /// <summary>The credentials of a stack. Its state is read with that of its plans unless another is named.</summary>
    public IReadOnlyList<CloudCredential> OfStack(ManifestMap stack, string owner)
    {
        if (Intents(stack, "plan or state") is not { } map)
        {
            return [];
        }

        var plan = ReadIntent(map, "plan", CredentialIntent.PlanStack, owner, PlannedClouds) ?? [];
        var state = ReadIntent(map, "state", CredentialIntent.ReadState, owner, PlannedClouds) ?? plan.Select(credential => credential with { Intent = CredentialIntent.ReadState });
        return [.. plan, .. state];
    }

    /// <summary>The credentials of a source that lies in an object store; none where only its key is named.</summary>
    public IReadOnlyList<CloudCredential> OfStates(ManifestMap source, string owner) =>
        Intents(source, "state") is { } map ? ReadIntent(map, "state", CredentialIntent.ReadState, owner, PlannedClouds) ?? [] : [];

    private static CloudIdentity Ambient(Cloud cloud) => cloud switch
    {
        Cloud.Azure => new AzureIdentity(AzureCloud.Public, null, null),
        Cloud.Google => new GoogleIdentity(null, null),
        Cloud.Oci => new OciIdentity(null, "DEFAULT", null),
        Cloud.Kubernetes => new KubernetesIdentity(null, null, []),
        _ => new AwsIdentity(null, null, "us-east-1"),
    };

    // Nothing written where an identity is expected would silently be the server's own.
    private static ManifestMap? Intents(ManifestMap of, string choices)
    {
        var map = of.Map("credentials");
        if (of.IsBlank("credentials") || map?.Keys.Count == 0)
        {
            of.Fault("credentials", $"names no intent; write {choices}");
        }

        return map;
    }

    private List<CloudCredential>? ReadIntent(ManifestMap credentials, string key, CredentialIntent intent, string owner, IReadOnlyList<Cloud> clouds)
    {
        var map = credentials.Map(key);
        if (credentials.IsBlank(key) || map?.Keys.Count == 0)
        {
            credentials.Fault(key, $"names no cloud; write {key}: {{ {Name(clouds[0])}: {{}} }} for the ambient chain of the server's account");
        }

        return map is null ? null : [.. clouds.Select(cloud => ReadCloud(map, cloud, intent, owner)).OfType<CloudCredential>()];
    }

    private CloudCredential? ReadCloud(ManifestMap map, Cloud cloud, CredentialIntent intent, string owner)
    {
        if (map.IsBlank(Name(cloud)))
        {
            map.Fault(Name(cloud), "is empty; write {} for the ambient chain of the server's account");
        }

        return map.Map(Name(cloud)) is { } one ? Read(one, cloud, intent, owner) : null;
    }

    private CloudCredential Read(ManifestMap map, Cloud cloud, CredentialIntent intent, string owner) => cloud switch
    {
        Cloud.Aws => ReadAws(map, intent, owner),
        Cloud.Azure => ReadAzure(map, intent, owner),
        Cloud.Google => ReadGoogle(map, intent, owner),
        Cloud.Oci => new CloudCredential(intent, ReadOci(map), owner),
        _ => new CloudCredential(intent, ReadKubernetes(map), owner),
    } with
    {
        Endpoints = cloud is Cloud.Oci or Cloud.Kubernetes ? [] : Endpoints(map),
    };

    private CloudCredential ReadAws(ManifestMap map, CredentialIntent intent, string owner)
    {
        var role = map.Map("assume_role") is { } assumed ? ReadRole(assumed) : null;
        var account = Matching(map, "account", AccountForm(), "must be an account's 12 digits");
        var pinned = role?.Arn.Split(':') is [_, _, _, _, var owned, ..] ? owned : null;
        if (account is not null && pinned is not null && account != pinned)
        {
            map.Fault("account", "is not the account of assume_role.role_arn");
        }

        var region = Matching(map, "region", RegionForm(), "must be the name of a region such as us-east-1") ?? RegionOf(role?.Arn);
        return new CloudCredential(intent, new AwsIdentity(Matching(map, "profile", ProfileForm(), "must be the name of a profile"), role, region), owner)
        {
            Account = account ?? pinned,
            TokenService = TokenService(map, "sts"),
        };
    }

    private static string RegionOf(string? role) => role?.Split(':') switch
    {
        [_, "aws-us-gov", ..] => "us-gov-west-1",
        [_, "aws-cn", ..] => "cn-north-1",
        _ => "us-east-1",
    };

    private AssumedRole ReadRole(ManifestMap map) => new(
        Matching(map, "role_arn", RoleForm(), "must be a role's ARN, as arn:aws:iam::123456789012:role/plan", required: true) ?? "",
        Matching(map, "external_id", ExternalIdForm(), "must be 2 to 1224 letters, digits and +=,.@:/-"),
        Matching(map, "session_name", SessionNameForm(), "must be 2 to 64 letters, digits and +=,.@-") ?? "mcp-infra",
        ReadPolicy(map));

    /// <summary>`organization` of a source of AWS: the role by which its accounts are read.</summary>
    public MemberRole ReadMembers(ManifestMap map) => new(
        Matching(map, "role", RoleNameForm(), "must be a role's name, with its path if it has one, as mcp-infra-scan", required: true) ?? "",
        Matching(map, "external_id", ExternalIdForm(), "must be 2 to 1224 letters, digits and +=,.@:/-"),
        Matching(map, "session_name", SessionNameForm(), "must be 2 to 64 letters, digits and +=,.@-") ?? "mcp-infra",
        ReadPolicy(map));

    private string? ReadPolicy(ManifestMap map)
    {
        if (map.Text("session_policy") is not { } named)
        {
            return null;
        }

        var path = Absolute(named);
        if (!SessionPolicy.TryRead(path, out _, out var fault))
        {
            map.Fault("session_policy", fault);
        }

        return path;
    }

    private CloudCredential ReadAzure(ManifestMap map, CredentialIntent intent, string owner)
    {
        var proofs = Proofs.Where(map.Keys.Contains).ToList();
        if (proofs.Count > 1)
        {
            map.Fault(proofs.MaxBy(map.LineOf)!, "is a second proof of one identity; leave all but one out");
        }

        var tenant = Matching(map, "tenant", TenantForm(), "must be a tenant's id or domain");
        AzureProof?[] read = [ReadManaged(map.Map("managed_identity")), ReadWorkload(map.Map("workload_identity")), ReadSecret(map.Map("client_secret"))];
        var proof = read.FirstOrDefault(one => one is not null);
        if (proof is AzureProof.WorkloadIdentity or AzureProof.ClientSecret && !map.Keys.Contains("tenant"))
        {
            map.Fault(proofs[0], "wants the tenant beside it");
        }

        var subscription = Matching(map, "subscription", GuidForm(), "must be a subscription's id");
        if (intent is CredentialIntent.PlanStack && (!map.Keys.Contains("subscription") || !map.Keys.Contains("tenant")))
        {
            map.Fault(map.Keys.Contains("tenant") ? "subscription" : "tenant", "is missing; plans are pinned to one subscription and its tenant");
        }

        return new CloudCredential(intent, new AzureIdentity(map.Choice("cloud", AzureClouds, AzureCloud.Public), tenant, proof), owner)
        {
            Account = subscription?.ToLowerInvariant(),
            TokenService = TokenService(map, "authority", loopback: false),
        };
    }

    private static AzureProof? ReadManaged(ManifestMap? map) => map is null ? null : new AzureProof.ManagedIdentity(Matching(map, "client_id", GuidForm(), "must be an application's id"));

    private AzureProof? ReadWorkload(ManifestMap? map)
    {
        if (map is null)
        {
            return null;
        }

        var (file, variable) = (map.Text("token_file"), map.Text("token_env"));
        if (file is null == variable is null)
        {
            map.Fault(file is null ? "token_file" : "token_env", file is null ? "is missing, and so is token_env; name one of them" : "and token_file are two tokens; leave one of them out");
        }

        return new AzureProof.WorkloadIdentity(Matching(map, "client_id", GuidForm(), "must be an application's id", required: true) ?? "", file is null ? null : Absolute(file), variable);
    }

    private AzureProof? ReadSecret(ManifestMap? map) => map is null ? null : new AzureProof.ClientSecret(
        Matching(map, "client_id", GuidForm(), "must be an application's id", required: true) ?? "", Absolute(map.Text("file", required: true) ?? ""));

    private CloudCredential ReadGoogle(ManifestMap map, CredentialIntent intent, string owner) => new(
        intent,
        new GoogleIdentity(
            map.Text("workload_identity") is { } file ? SettingsReader.Existing(map, "workload_identity", Absolute(file)) : null,
            Matching(map, "impersonate_service_account", ServiceAccountForm(), "must be a service account's e-mail address")),
        owner)
    {
        Account = Matching(map, "project", ProjectForm(), "must be a project's id", required: intent is CredentialIntent.PlanStack),
        TokenService = TokenService(map, "iam_credentials"),
    };

    private KubernetesIdentity ReadKubernetes(ManifestMap map)
    {
        var file = map.Text("kubeconfig") is { } named ? SettingsReader.Existing(map, "kubeconfig", Absolute(named)) : null;
        var (context, programs) = (Matching(map, "context", ContextForm(), "must be the name of a context"), map.Texts("allow_exec") ?? []);
        if (programs.Any(program => !Path.IsPathFullyQualified(program)))
        {
            map.Fault("allow_exec", "must be a list of absolute paths of programs");
        }

        if (file is null && (context is not null || programs.Count > 0))
        {
            map.Fault(context is not null ? "context" : "allow_exec", "belongs to a kubeconfig; name one");
        }

        return new KubernetesIdentity(file, context, programs);
    }

    private OciIdentity ReadOci(ManifestMap map)
    {
        var (config, profile) = (map.Text("config_file"), Matching(map, "profile", ProfileForm(), "must be the name of a profile"));
        string[] own = [.. OciKeys.Where(map.Keys.Contains)];
        if (own.Length > 0 && (config ?? profile) is not null)
        {
            map.Fault(own[0], "and a profile are two credentials; leave one of them out");
        }

        return new OciIdentity(config is null ? null : SettingsReader.Existing(map, "config_file", Absolute(config)), profile ?? "DEFAULT", own.Length == 0 ? null : new OciKey(
            Matching(map, "tenancy", OcidForm(), "must be a tenancy's OCID", required: true) ?? "",
            Matching(map, "user", OcidForm(), "must be a user's OCID", required: true) ?? "",
            Matching(map, "fingerprint", FingerprintForm(), "must be a key's fingerprint: 16 pairs of hexadecimal digits between colons", required: true) ?? "",
            Absolute(map.Text("key_file", required: true) ?? "")));
    }

    private static IReadOnlyList<string> Endpoints(ManifestMap map)
    {
        var endpoints = map.Texts("endpoints") ?? [];
        if (endpoints.Any(host => host.Split(':') is not [{ Length: > 0 }, var port] || !ushort.TryParse(port, out _)))
        {
            map.Fault("endpoints", "must be a list of host:port");
        }

        return endpoints;
    }

    // Secrets and tokens travel to it and back.
    private static Uri? TokenService(ManifestMap map, string key, bool loopback = true)
    {
        if (map.Text(key) is not { } text)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.UserInfo.Length == 0 && (uri.Scheme == "https" || (loopback && uri.Scheme == "http" && uri.IsLoopback)))
        {
            return uri;
        }

        map.Fault(key, loopback ? "must be an https address, or an http one on loopback, without a user or password in it" : "must be an https address without a user or password in it");
        return null;
    }

    private static string? Matching(ManifestMap map, string key, Regex form, string rule, bool required = false)
    {
        if (map.Text(key, required) is not { } text)
        {
            return null;
        }

        if (form.IsMatch(text))
        {
            return text;
        }

        map.Fault(key, rule);
        return null;
    }

    private static string Name(Cloud cloud) => cloud.ToString().ToLowerInvariant();

    private string Absolute(string path) => Path.GetFullPath(Path.Combine(folder, path));

    [GeneratedRegex(@"^[0-9]{12}\z")]
    private static partial Regex AccountForm();

    [GeneratedRegex(@"^[a-z]{2,4}(-[a-z]{2,12}){1,3}-[0-9]{1,2}\z")]
    private static partial Regex RegionForm();

    [GeneratedRegex(@"^[A-Za-z0-9_.+@/-]{1,128}\z")]
    private static partial Regex ProfileForm();

    [GeneratedRegex(@"^arn:aws[a-z-]{0,12}:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]{1,576}\z")]
    private static partial Regex RoleForm();

    [GeneratedRegex(@"^[A-Za-z0-9_+=,.@-]([A-Za-z0-9_+=,.@/-]{0,510}[A-Za-z0-9_+=,.@-])?\z")]
    private static partial Regex RoleNameForm();

    [GeneratedRegex(@"^[A-Za-z0-9_+=,.@:/-]{2,1224}\z")]
    private static partial Regex ExternalIdForm();

    [GeneratedRegex(@"^[A-Za-z0-9_+=,.@-]{2,64}\z")]
    private static partial Regex SessionNameForm();

    [GeneratedRegex(@"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\z")]
    private static partial Regex GuidForm();

    [GeneratedRegex(@"^[0-9A-Za-z][0-9A-Za-z.-]{1,253}\z")]
    private static partial Regex TenantForm();

    [GeneratedRegex(@"^[a-z][a-z0-9-]{4,28}[a-z0-9]\z")]
    private static partial Regex ProjectForm();

    [GeneratedRegex(@"^[a-z0-9-]{1,64}@[a-z0-9.-]{1,64}\.gserviceaccount\.com\z")]
    private static partial Regex ServiceAccountForm();

    [GeneratedRegex(@"^[A-Za-z0-9_.@:/+-]{1,253}\z")]
    private static partial Regex ContextForm();

    [GeneratedRegex(@"^ocid1\.[a-z]+\.[a-z0-9-]*\.[a-z0-9-]*\.[A-Za-z0-9._-]{1,200}\z")]
    private static partial Regex OcidForm();

    [GeneratedRegex(@"^[0-9a-f]{2}(:[0-9a-f]{2}){15}\z")]
    private static partial Regex FingerprintForm();
}
