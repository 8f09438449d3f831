using McpInfra.Tools.Credentials;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Cloud.Azure;

/// <summary>Azure's own hosts. Source: Azure's documentation of its national clouds' endpoints.</summary>
internal static class AzureHosts
{
    /// <summary>Where the run's managed identity is asked for; the name leads nowhere but to the gate.</summary>
    public static readonly Endpoint Identity = new("azure-identity.mcp-infra.internal", 80);

    private static readonly HashSet<string> Logins = ["login.microsoftonline.com", "login.microsoft.com", "login.windows.net", "sts.windows.net", "login.microsoftonline.us", "login.chinacloudapi.cn", "login.partner.microsoftonline.cn"];

    private static readonly Dictionary<string, AzureCloud> Managements = new()
    {
        ["management.azure.com"] = AzureCloud.Public,
        ["management.usgovcloudapi.net"] = AzureCloud.UsGovernment,
        ["management.chinacloudapi.cn"] = AzureCloud.China,
    };

    private static readonly string[] Vaults = [".vault.azure.net", ".vault.usgovcloudapi.net", ".vault.azure.cn"];

    private static readonly string[] Suffixes =
    [
        ".azure.com", ".azure.net", ".azure.us", ".azure.cn", ".windows.net", ".windowsazure.com", ".azurewebsites.net", ".azurecr.io", ".azmk8s.io", ".azureedge.net", ".azure-api.net", ".azure-devices.net",
        ".microsoftonline.com", ".microsoftonline.us", ".microsoftonline.cn", ".microsoft.com", ".microsoft.us", ".microsoftazure.us", ".usgovcloudapi.net", ".chinacloudapi.cn", ".microsoftazure.cn", ".azureml.ms", ".azconfig.io",
    ];

    /// <summary>Whether the endpoint is Azure's.</summary>
    public static bool Contains(Endpoint endpoint) => endpoint == Identity || Suffixes.Any(suffix => endpoint.Host.EndsWith(suffix, StringComparison.Ordinal));

    /// <summary>Whether tokens are asked for there.</summary>
    public static bool IsLogin(Endpoint endpoint) => endpoint.Port == 443 && Logins.Contains(endpoint.Host);

    /// <summary>Whether a vault keeps secrets there.</summary>
    public static bool IsVault(Endpoint endpoint) => endpoint.Port == 443 && Vaults.Any(suffix => endpoint.Host.EndsWith(suffix, StringComparison.Ordinal));

    /// <summary>Whether resources are managed there, in this cloud.</summary>
    public static bool IsManagement(Endpoint endpoint, AzureCloud national) => endpoint.Port == 443 && Managements.TryGetValue(endpoint.Host, out var of) && of == national;
}
