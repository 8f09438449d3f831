using System.Text.RegularExpressions;
using McpInfra.Graph;
using McpInfra.Guardrails.Manifests;
using McpInfra.Tools.Credentials;

namespace McpInfra.Host.Settings;

/// <summary>Reads a source of a cloud: what of it is read, where, and as whom, for itself or for each of its `accounts`.</summary>
/// <param name="credentials">Reads `credentials`.</param>
/// <param name="read">Where they go.</param>
internal sealed partial class CloudSourceReader(CredentialReader credentials, List<CloudCredential> read)
{
    /// <summary>The source with its accounts, of which there is at least one.</summary>
    public SourceSettings Read(ManifestMap map, SourceSettings source, Cloud cloud)
    {
        if (!map.Keys.Contains("accounts"))
        {
            return source with { Accounts = [ReadAccount(map, source, "", cloud)] };
        }

        var accounts = map.Maps("accounts").Select(account => ReadAccount(account, source, account.Text("name", required: true) ?? "", cloud)).ToList();
        if (accounts.Count == 0)
        {
            map.Fault("accounts", "names no account");
        }

        if (accounts.Any(account => !NameForm().IsMatch(account.Name)))
        {
            map.Fault("accounts", "must have names of letters, digits, `.`, `_` and `-`");
        }

        return source with { Accounts = accounts };
    }

    private AccountSettings ReadAccount(ManifestMap map, SourceSettings source, string name, Cloud cloud)
    {
        var endpoint = cloud switch
        {
            Cloud.Kubernetes => null, // A cluster's is in the kubeconfig, beside its credential.
            Cloud.Aws => SettingsReader.ReadEndpoint(map, "endpoint"),
            _ => ReadEndpoint(map),
        };
        var credential = credentials.OfSource(map, CloudCredential.OwnerOf(source.Name, name), cloud, endpoint);
        if (credential.Identity is AwsIdentity aws)
        {
            return ReadAws(map, new AccountSettings(name) { Endpoint = endpoint }, credential, aws);
        }

        read.Add(credential);
        var account = new AccountSettings(name) { Endpoint = endpoint };
        return credential.Identity switch
        {
            AzureIdentity azure => account with { Scopes = Scopes(map, "subscriptions", GuidForm(), "must be a list of subscriptions' ids"), Endpoint = endpoint ?? National(azure.National) },
            GoogleIdentity => account with { Scopes = Scopes(map, "scopes", ScopeForm(), "must be a list of projects/ID, folders/NUMBER and organizations/NUMBER", required: true) },
            OciIdentity => account with { Regions = Regions(map) },
            KubernetesIdentity kubernetes => account with { KubeConfig = kubernetes.KubeConfig, Context = kubernetes.Context },
            _ => account,
        };
    }

    private AccountSettings ReadAws(ManifestMap map, AccountSettings account, CloudCredential credential, AwsIdentity identity)
    {
        var organization = map.Map("organization");
        if (map.IsBlank("organization"))
        {
            map.Fault("organization", "is empty; name the role by which its accounts are read");
        }

        var aggregator = map.Text("aggregator");
        if (aggregator is not null && !AggregatorForm().IsMatch(aggregator))
        {
            map.Fault("aggregator", "must be the name of an aggregator of AWS Config");
        }

        if (aggregator is not null && organization is not null)
        {
            map.Fault("aggregator", "gathers the accounts of an organisation itself; leave one of the two out");
        }

        read.Add(organization is null ? credential : credential with { Identity = identity with { Members = credentials.ReadMembers(organization) } });
        return account with
        {
            Regions = Regions(map),
            Scopes = credential.Account is { } pinned ? [pinned] : [],
            Aggregator = aggregator,
            MembersExcept = organization is null ? null : Scopes(organization, "except", AccountForm(), "must be a list of accounts' 12 digits"),
        };
    }

    // A token travels to it.
    private static Uri? ReadEndpoint(ManifestMap map)
    {
        var endpoint = SettingsReader.ReadEndpoint(map, "endpoint");
        if (endpoint is { Scheme: "http", IsLoopback: false })
        {
            map.Fault("endpoint", "must be an https address, or an http one on loopback");
        }

        return endpoint;
    }

    private static Uri? National(AzureCloud cloud) => cloud switch
    {
        AzureCloud.UsGovernment => new Uri("https://management.usgovcloudapi.net"),
        AzureCloud.China => new Uri("https://management.chinacloudapi.cn"),
        _ => null,
    };

    private static IReadOnlyList<string> Scopes(ManifestMap map, string key, Regex form, string rule, bool required = false)
    {
        var scopes = map.Texts(key, required) ?? [];
        if (scopes.Any(scope => !form.IsMatch(scope)) || (scopes.Count == 0 && map.Keys.Contains(key)))
        {
            map.Fault(key, rule);
        }

        return scopes;
    }

    private static IReadOnlyList<string> Regions(ManifestMap map) => Scopes(map, "regions", RegionForm(), "must be names of regions such as us-east-1", required: true);

    [GeneratedRegex(@"^[0-9]{12}\z")]
    private static partial Regex AccountForm();

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,256}\z")]
    private static partial Regex AggregatorForm();

    [GeneratedRegex(@"^[a-z0-9-]{1,40}\z")]
    private static partial Regex RegionForm();

    [GeneratedRegex(@"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\z")]
    private static partial Regex GuidForm();

    [GeneratedRegex(@"^(projects/[a-z0-9.:-]{1,63}|(folders|organizations)/[0-9]{1,20})\z")]
    private static partial Regex ScopeForm();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex NameForm();
}
