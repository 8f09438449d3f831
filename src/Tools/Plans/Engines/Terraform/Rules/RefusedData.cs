namespace McpInfra.Tools.Plans.Engines.Terraform.Rules;

/// <summary>Data sources and resources that act while a plan runs, by the provider's own word for them. Sources: the providers' documentation of each.</summary>
internal static class RefusedData
{
    private const string Runs = "runs a program";
    private const string Reads = "reads files of the machine";
    private const string Calls = "calls a host that code chooses";
    private const string Mints = "hands out a credential";

    private static readonly Dictionary<string, string> Data = new(StringComparer.Ordinal)
    {
        ["external"] = Runs,
        ["aws_lambda_invocation"] = Runs,
        ["local_file"] = Reads,
        ["local_sensitive_file"] = Reads,
        ["local_command"] = Runs,
        ["archive_file"] = Reads,
        ["template_file"] = Reads,
        ["template_dir"] = Reads,
        ["http"] = Calls,
        ["tls_certificate"] = Calls,
        ["aws_ip_ranges"] = Calls,
        ["google_netblock_ip_ranges"] = Calls,
        ["dns_a_record_set"] = Calls,
        ["dns_aaaa_record_set"] = Calls,
        ["dns_cname_record_set"] = Calls,
        ["dns_mx_record_set"] = Calls,
        ["dns_ns_record_set"] = Calls,
        ["dns_ptr_record_set"] = Calls,
        ["dns_srv_record_set"] = Calls,
        ["dns_txt_record_set"] = Calls,
        ["helm_template"] = Calls,
        ["aws_codeartifact_authorization_token"] = Mints,
        ["aws_ecr_authorization_token"] = Mints,
        ["aws_ecrpublic_authorization_token"] = Mints,
        ["aws_eks_cluster_auth"] = Mints,
        ["aws_kms_secret"] = Mints,
        ["aws_kms_secrets"] = Mints,
        ["aws_redshift_cluster_credentials"] = Mints,
        ["aws_redshiftserverless_credentials"] = Mints,
        ["google_client_config"] = Mints,
        ["google_service_account_access_token"] = Mints,
        ["google_service_account_id_token"] = Mints,
        ["google_service_account_jwt"] = Mints,
        ["azurerm_storage_account_sas"] = Mints,
        ["azurerm_storage_account_blob_container_sas"] = Mints,
        ["vault_aws_access_credentials"] = Mints,
        ["vault_azure_access_credentials"] = Mints,
        ["vault_kubernetes_service_account_token"] = Mints,
    };

    private static readonly Dictionary<string, string> Resources = new(StringComparer.Ordinal)
    {
        ["archive_file"] = Reads,
        ["template_dir"] = Reads,
    };

    /// <summary>What the data source does, or null when it may be used.</summary>
    public static string? Why(string type) => Data.GetValueOrDefault(type);

    /// <summary>What the resource does while a plan runs, or null when it may be used.</summary>
    public static string? WhyResource(string type) => Resources.GetValueOrDefault(type);
}
