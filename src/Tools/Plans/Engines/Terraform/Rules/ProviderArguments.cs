namespace McpInfra.Tools.Plans.Engines.Terraform.Rules;

/// <summary>
/// Arguments of provider blocks that run programs, read files or credentials of the machine, or lead traffic elsewhere.
/// Sources: each provider's own argument reference in the public registry (aws 5 and 6, awscc, azurerm and azuread 4, google 6 and 7,
/// kubernetes and helm 2 and 3, vault 4 and 5, consul 2, nomad 2, kreuzwerker/docker 3).
/// </summary>
internal static class ProviderArguments
{
    private const string Runs = "runs a program";
    private const string Reads = "reads a file or credential of the machine";
    private const string Leads = "leads requests to another host";

    private static readonly Dictionary<string, string> Named = new(StringComparer.Ordinal)
    {
        ["exec"] = Runs,
        ["command"] = Runs,
        ["credential_process"] = Runs,
        ["use_cli"] = Runs,
        ["helm_driver"] = Runs,
        ["plugins_path"] = Runs,
        ["ssh_opts"] = Runs,
        ["profile"] = Reads,
        ["aws_profile"] = Reads,
        ["credentials"] = Reads,
        ["external_credentials"] = Reads,
        ["shared_config_files"] = Reads,
        ["shared_credentials_file"] = Reads,
        ["shared_credentials_files"] = Reads,
        ["custom_ca_bundle"] = Reads,
        ["assume_role_with_web_identity"] = Reads,
        ["in_cluster_config"] = Reads,
        ["load_config_file"] = Reads,
        ["cert_path"] = Reads,
        ["use_msi"] = Reads,
        ["use_oidc"] = Reads,
        ["use_aks_workload_identity"] = Reads,
        ["use_default_azure_credential"] = Reads,
        ["registry_auth"] = Reads,
        ["ec2_metadata_service_endpoint"] = Leads,
        ["ec2_metadata_service_endpoint_mode"] = Leads,
        ["http_proxy"] = Leads,
        ["https_proxy"] = Leads,
        ["no_proxy"] = Leads,
        ["proxy"] = Leads,
        ["proxy_url"] = Leads,
        ["msi_endpoint"] = Leads,
        ["metadata_host"] = Leads,
        ["oidc_request_url"] = Leads,
        ["universe_domain"] = Leads,
        ["registry"] = Leads,
        ["registries"] = Leads,
    };

    // What providers that are not named above call such arguments.
    private static readonly string[] Endings = ["_file", "_files", "_path", "_paths", "_dir", "_directory", "_command", "_process", "_exec"];

    // Maps of the user's own words.
    private static readonly HashSet<string> Labels = ["tags", "labels", "default_labels"];

    /// <summary>What the argument does, or null when it may be set.</summary>
    public static string? Why(string name) =>
        Named.TryGetValue(name, out var why) ? why
        : name.StartsWith("auth_login", StringComparison.Ordinal) ? Reads
        : Array.Exists(Endings, ending => name.EndsWith(ending, StringComparison.Ordinal)) ? Reads
        : null;

    /// <summary>Whether the table has the very name.</summary>
    public static bool IsNamed(string name) => Named.ContainsKey(name);

    /// <summary>Whether the argument is a map whose keys are the user's own words.</summary>
    public static bool IsLabels(string name) => Labels.Contains(name);
}
