using System.Text;
using System.Text.Json.Nodes;
using McpInfra.Guardrails.Credentials;
using McpInfra.Tools.Credentials;
using McpInfra.Tools.Plans.Cloud;
using McpInfra.Tools.Plans.Cloud.Azure;
using McpInfra.Tools.Plans.Cloud.Bearer;
using McpInfra.Tools.Plans.Cloud.Google;
using McpInfra.Tools.Sandbox.Egress;
using McpInfra.Tools.Tests.Sandbox;
using Xunit;

namespace McpInfra.Tools.Tests.Plans.Cloud;

/// <summary>Reads that hand out keys, as the providers make them when they refresh: answered from the sanitised state, never asked of the cloud.</summary>
public sealed class Secrets_that_a_refresh_reads
{
    private const string Subscription = "00000000-0000-0000-0000-000000000002";
    private const string Group = $"/subscriptions/{Subscription}/resourceGroups/rg";
    private const string Token = "[secret:state:00000001]";
    private const string Other = "[secret:state:00000002]";

    private static BearerGate Azure(RunSecrets secrets) =>
        AzureAccess.Gate(new AzureUse(AzureCloud.Public, "acme.example", Subscription, "app", []), _ => new(new Credential("e30.e30.real", null)), secrets, TimeProvider.System);

    private static BearerGate Google(RunSecrets secrets) => GoogleAccess.Gate(new GoogleUse("acme-prod", "", []), _ => new(new Credential("ya29.real", null)), secrets, TimeProvider.System);

    private static async Task<string> Bearer(BearerGate gate, string target) => (string)JsonNode.Parse(Assert.IsType<GateDecision.Answer>(await gate.DecideAsync(
        BearerCloud.Request(target, "GET", target.StartsWith("azure", StringComparison.Ordinal) ? "/msi/token" : "/computeMetadata/v1/instance/service-accounts/default/token", fields: [new("Metadata", "true"), new("Metadata-Flavor", "Google")]), Needs.Stop)).Reply.Body.Span)!["access_token"]!;

    private static async Task<GateDecision> AskAzure(string method, string target, (string Type, string Attributes) held, string host = "management.azure.com:443")
    {
        var gate = Azure(BearerCloud.Secrets(held));
        return await gate.DecideAsync(BearerCloud.Request(host, method, target, await Bearer(gate, "azure-identity.mcp-infra.internal:80")), Needs.Stop);
    }

    private static async Task<GateDecision> AskGoogle(string url, (string Type, string Attributes) held, IOutside? outside = null)
    {
        var (gate, at) = (Google(BearerCloud.Secrets(held)), new Uri(url));
        return await gate.DecideAsync(BearerCloud.Request($"{at.Host}:443", "GET", at.PathAndQuery, await Bearer(gate, "google-metadata.mcp-infra.internal:80"), outside: outside), Needs.Stop);
    }

    private static JsonNode Answered(GateDecision decision) => JsonNode.Parse(Assert.IsType<GateDecision.Answer>(decision).Reply.Body.Span)!;

    public static TheoryData<string, string, string, string, string> Reads() => new()
    {
        { "POST", "Microsoft.Storage/storageAccounts/logs/listKeys?$expand=kerb&api-version=2023-01-01", "azurerm_storage_account", """{"id":"ID","primary_access_key":"[secret:state:00000001]","secondary_access_key":"[secret:state:00000002]"}""", """{"keys":[{"keyName":"key1","value":"[secret:state:00000001]","permissions":"FULL"},{"keyName":"key2","value":"[secret:state:00000002]","permissions":"FULL"}]}""" },
        { "POST", "Microsoft.Cache/redis/r/listKeys", "azurerm_redis_cache", """{"id":"ID","primary_access_key":"[secret:state:00000001]","secondary_access_key":"[secret:state:00000002]"}""", """{"primaryKey":"[secret:state:00000001]","secondaryKey":"[secret:state:00000002]"}""" },
        { "POST", "Microsoft.DocumentDB/databaseAccounts/c/listConnectionStrings", "azurerm_cosmosdb_account", """{"id":"ID","primary_sql_connection_string":"[secret:state:00000001]","primary_mongodb_connection_string":""}""", """{"connectionStrings":[{"description":"Primary SQL Connection String","connectionString":"[secret:state:00000001]"}]}""" },
        { "POST", "Microsoft.ServiceBus/namespaces/b/authorizationRules/RootManageSharedAccessKey/listKeys", "azurerm_servicebus_namespace", """{"id":"PARENT","default_primary_key":"[secret:state:00000001]"}""", """{"keyName":"RootManageSharedAccessKey","primaryKey":"[secret:state:00000001]"}""" },
        { "POST", "Microsoft.EventHub/namespaces/n/eventhubs/h/authorizationRules/send/listKeys", "azurerm_eventhub_authorization_rule", """{"id":"ID","name":"send","primary_connection_string":"[secret:state:00000001]"}""", """{"keyName":"send","primaryConnectionString":"[secret:state:00000001]"}""" },
        { "POST", "Microsoft.Search/searchServices/s/listQueryKeys", "azurerm_search_service", """{"id":"ID","query_keys":[{"name":"web","key":"[secret:state:00000001]"}]}""", """{"value":[{"name":"web","key":"[secret:state:00000001]"}]}""" },
        { "POST", "Microsoft.AppConfiguration/configurationStores/a/listKeys", "azurerm_app_configuration", """{"id":"ID","primary_read_key":[{"id":"k","secret":"[secret:state:00000001]","connection_string":"[secret:state:00000002]"}]}""", """{"value":[{"name":"Primary Read Only","readOnly":true,"id":"k","value":"[secret:state:00000001]","connectionString":"[secret:state:00000002]"}]}""" },
        { "POST", "Microsoft.OperationalInsights/workspaces/w/sharedKeys", "azurerm_log_analytics_workspace", """{"id":"ID","primary_shared_key":"[secret:state:00000001]"}""", """{"primarySharedKey":"[secret:state:00000001]"}""" },
        { "POST", "Microsoft.ContainerRegistry/registries/r/listCredentials", "azurerm_container_registry", """{"id":"ID","admin_username":"r","admin_password":"[secret:state:00000001]"}""", """{"username":"r","passwords":[{"name":"password","value":"[secret:state:00000001]"}]}""" },
        { "POST", "Microsoft.Devices/IotHubs/h/IotHubKeys/k/listkeys", "azurerm_iothub_shared_access_policy", """{"id":"ID","name":"k","primary_key":"[secret:state:00000001]","registry_read":true,"registry_write":false,"service_connect":true}""", """{"keyName":"k","primaryKey":"[secret:state:00000001]","rights":"RegistryRead, ServiceConnect"}""" },
        { "GET", "Microsoft.Automation/automationAccounts/a/agentRegistrationInformation", "azurerm_automation_account", """{"id":"ID","dsc_primary_access_key":"[secret:state:00000001]"}""", """{"keys":{"primary":"[secret:state:00000001]"}}""" },
        { "POST", "Microsoft.Web/sites/f/config/appsettings/list", "azurerm_linux_function_app", """{"id":"ID","app_settings":{"MODE":"fast","KEY":"[secret:state:00000001]"},"functions_extension_version":"~4","storage_account_name":"st","storage_account_access_key":"[secret:state:00000002]"}""", """{"properties":{"MODE":"fast","KEY":"[secret:state:00000001]","FUNCTIONS_EXTENSION_VERSION":"~4","AzureWebJobsStorage":"DefaultEndpointsProtocol=https;AccountName=st;AccountKey=[secret:state:00000002];EndpointSuffix=core.windows.net"}}""" },
        { "POST", "Microsoft.Web/sites/w/config/connectionstrings/list", "azurerm_linux_web_app", """{"id":"ID","connection_string":[{"name":"db","type":"SQLAzure","value":"[secret:state:00000001]"}]}""", """{"properties":{"db":{"type":"SQLAzure","value":"[secret:state:00000001]"}}}""" },
        { "POST", "Microsoft.Web/sites/w/config/azurestorageaccounts/list", "azurerm_linux_web_app", """{"id":"ID","storage_account":[]}""", """{"properties":{}}""" },
        { "POST", "Microsoft.Web/sites/w/config/authsettings/list", "azurerm_linux_web_app", """{"id":"ID","auth_settings":[],"auth_settings_v2":[{"auth_enabled":true}]}""", """{"properties":{"enabled":false,"configVersion":"v2"}}""" },
        { "POST", "Microsoft.Web/sites/w/config/backup/list", "azurerm_linux_web_app", """{"id":"ID","backup":[]}""", """{"error":{"code":"NotFound","message":"No backup configuration."}}""" },
    };

    [Theory]
    [MemberData(nameof(Reads))]
    public async Task Are_answered_as_Azure_would_with_the_tokens_of_the_state(string method, string target, string type, string held, string answer)
    {
        var path = $"{Group}/providers/{target}";
        var id = path.Split('?')[0];
        var parent = id.Split("/authorizationRules")[0];
        foreach (var suffix in AzureSuffixes.Where(suffix => id.EndsWith(suffix, StringComparison.Ordinal)))
        {
            id = id[..^suffix.Length];
        }

        held = held.Replace("ID", id.ToUpperInvariant(), StringComparison.Ordinal).Replace("PARENT", parent, StringComparison.Ordinal);
        var decision = await AskAzure(method, path, (type, held));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(answer), Answered(decision)), Answered(decision).ToJsonString());
        Assert.Equal(target.Contains("backup", StringComparison.Ordinal) ? 404 : 200, ((GateDecision.Answer)decision).Reply.Status);

        // Another resource, and one of another type with that id, are not it.
        foreach (var elsewhere in new[] { ("azurerm_other", held), (type, held.Replace(id.ToUpperInvariant(), "/other", StringComparison.Ordinal).Replace(parent, "/other", StringComparison.Ordinal)) })
        {
            Assert.Contains("the state does not hold it", Assert.IsType<GateDecision.Refuse>(await AskAzure(method, path, elsewhere)).Reason, StringComparison.Ordinal);
        }
    }

    private static readonly string[] AzureSuffixes =
    [
        "/listKeys", "/listkeys", "/listConnectionStrings", "/listQueryKeys", "/sharedKeys", "/listCredentials", "/agentRegistrationInformation", "/config/appsettings/list", "/config/connectionstrings/list",
        "/config/azurestorageaccounts/list", "/config/authsettings/list", "/config/backup/list",
    ];

    [Fact]
    public async Task Of_a_cluster_come_as_a_kubeconfig_of_tokens()
    {
        const string id = $"{Group}/providers/Microsoft.ContainerService/managedClusters/k";
        var answer = Answered(await AskAzure("POST", id + "/listClusterUserCredential?api-version=2023-09-01", ("azurerm_kubernetes_cluster",
            $$"""{"id":"{{id}}","kube_config":[{"host":"https://k.hcp.azmk8s.io:443","username":"clusterUser_rg_k","password":"{{Token}}","client_certificate":"{{Other}}","client_key":"{{Other}}","cluster_ca_certificate":"{{Other}}"}]}""")));
        var file = JsonNode.Parse(Convert.FromBase64String((string)answer["kubeconfigs"]![0]!["value"]!))!;
        Assert.Equal(("clusterUser", "https://k.hcp.azmk8s.io:443", Token, Other), ((string)answer["kubeconfigs"]![0]!["name"]!, (string)file["clusters"]![0]!["cluster"]!["server"]!, (string)file["users"]![0]!["user"]!["token"]!, (string)file["users"]![0]!["user"]!["client-key-data"]!));
    }

    [Fact]
    public async Task Of_a_vault_are_answered_without_the_vault()
    {
        const string held = """{"id":"https://v.vault.azure.net/secrets/db/0123","versionless_id":"https://v.vault.azure.net/secrets/db","name":"db","value":"[secret:state:00000001]","content_type":"text","tags":{"team":"web"},"expiration_date":"2027-01-01T00:00:00Z"}""";
        foreach (var target in new[] { "/secrets/db/?api-version=7.4", "/secrets/db/0123?api-version=7.4", "/secrets/db" })
        {
            var answer = Answered(await AskAzure("GET", target, ("azurerm_key_vault_secret", held), "v.vault.azure.net:443"));
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"id":"https://v.vault.azure.net/secrets/db/0123","value":"[secret:state:00000001]","contentType":"text","tags":{"team":"web"},"attributes":{"enabled":true,"exp":1798761600}}"""), answer), answer.ToJsonString());
        }

        foreach (var (method, target, host) in new[] { ("GET", "/secrets/db", "other.vault.azure.net:443"), ("GET", "/secrets/db/9999", "v.vault.azure.net:443"), ("GET", "/secrets", "v.vault.azure.net:443"), ("PUT", "/secrets/db", "v.vault.azure.net:443"), ("GET", "/secrets/db", "v.vault.azure.net:8443"), ("GET", "/deletedsecrets/db", "v.vault.azure.net:443") })
        {
            Assert.IsType<GateDecision.Refuse>(await AskAzure(method, target, ("azurerm_key_vault_secret", held), host));
        }
    }

    [Fact]
    public async Task Are_answered_to_the_runs_own_bearer_within_its_subscription_alone()
    {
        const string id = $"{Group}/providers/Microsoft.Storage/storageAccounts/logs";
        var held = ("azurerm_storage_account", $$"""{"id":"{{id}}","primary_access_key":"{{Token}}"}""");
        Assert.Contains("another subscription", Assert.IsType<GateDecision.Refuse>(await AskAzure("POST", id.Replace(Subscription, "00000000-0000-0000-0000-00000000ffff", StringComparison.Ordinal) + "/listKeys", held)).Reason, StringComparison.Ordinal);
        Assert.Contains("posted", Assert.IsType<GateDecision.Refuse>(await AskAzure("POST", id + "/regenerateKey", held)).Reason, StringComparison.Ordinal);
        var gate = Azure(BearerCloud.Secrets(held));
        await Bearer(gate, "azure-identity.mcp-infra.internal:80");
        Assert.Contains("another token", Assert.IsType<GateDecision.Refuse>(await gate.DecideAsync(BearerCloud.Request("management.azure.com:443", "POST", id + "/listKeys", "e30.e30.real"), Needs.Stop)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_login_in_its_newer_form_are_asked_for_without_them()
    {
        var forward = Assert.IsType<GateDecision.Forward>(await AskAzure("GET", $"{Group}/providers/Microsoft.Web/sites/w/config/authsettingsV2/list?api-version=2023-01-01", ("none", "{}")));
        Assert.Equal($"{Group}/providers/Microsoft.Web/sites/w/config/authsettingsV2?api-version=2023-01-01", forward.Request.Target);
    }

    [Fact]
    public void Are_named_with_their_types_and_their_fields_alone()
    {
        Assert.All(SecretForm.Shipped("Azure.answers.txt", StringComparison.OrdinalIgnoreCase), form => Assert.True(form.Type.StartsWith("azurerm_", StringComparison.Ordinal) && form.Method is "GET" or "POST" && (form.Suffix.Length == 0 || form.Suffix[0] == '/'), form.ToString()));
        Assert.All(SecretForm.Shipped("Google.answers.txt", StringComparison.Ordinal), form => Assert.True(form.Type.StartsWith("google_", StringComparison.Ordinal) && form.Method is "GET", form.ToString()));
    }

    [Theory]
    [InlineData("https://redis.googleapis.com/v1/projects/acme-prod/locations/l/instances/i/authString", "google_redis_instance", """{"id":"projects/acme-prod/locations/l/instances/i","auth_string":"[secret:state:00000001]"}""", """{"authString":"[secret:state:00000001]"}""")]
    [InlineData("https://apikeys.googleapis.com/v2/projects/acme-prod/locations/global/keys/k/keyString", "google_apikeys_key", """{"id":"projects/acme-prod/locations/global/keys/k","key_string":"[secret:state:00000001]"}""", """{"keyString":"[secret:state:00000001]"}""")]
    public async Task Are_answered_as_Google_would_with_the_tokens_of_the_state(string url, string type, string held, string answer)
    {
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(answer), Answered(await AskGoogle(url, (type, held)))));
        Assert.Contains("the state does not hold it", Assert.IsType<GateDecision.Refuse>(await AskGoogle(url, ("other", held))).Reason, StringComparison.Ordinal);
        Assert.Contains("another project", Assert.IsType<GateDecision.Refuse>(await AskGoogle(url.Replace("acme-prod", "other-prod", StringComparison.Ordinal), (type, held))).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1", "projects/123/secrets/db/versions/1", "[secret:state:00000001]")]
    [InlineData("latest", "projects/123/secrets/db/versions/1", "[secret:state:00000001]")]
    [InlineData("latest", "projects/123/secrets/db/versions/2", null)]
    public async Task Of_a_secrets_version_are_named_by_Google_and_answered_from_the_state(string version, string named, string? token)
    {
        var outside = new Listed($$"""{"name":"{{named}}","state":"ENABLED"}""");
        var answer = Answered(await AskGoogle($"https://secretmanager.googleapis.com/v1/projects/acme-prod/secrets/db/versions/{version}:access?alt=json", ("google_secret_manager_secret_version", $$"""{"id":"projects/123/secrets/db/versions/1","name":"projects/123/secrets/db/versions/1","secret_data":"{{Token}}"}"""), outside));
        var data = Encoding.UTF8.GetString(Convert.FromBase64String((string)answer["payload"]!["data"]!));
        Assert.Equal($"/v1/projects/acme-prod/secrets/db/versions/{version}", Assert.Single(outside.Asked).Target);
        Assert.Equal(named, (string)answer["name"]!);
        Assert.True(token is null ? data.StartsWith("[secret:", StringComparison.Ordinal) && data != Token : data == token, data);
    }

    [Fact]
    public async Task Of_a_version_that_is_gone_are_gone_and_a_name_brings_no_query_along()
    {
        var outside = new Listed("""{"error":{"code":404}}""") { Status = 404 };
        var gone = Assert.IsType<GateDecision.Answer>(await AskGoogle("https://secretmanager.googleapis.com/v1/projects/acme-prod/secrets/db/versions/9%3Falt=media:access", ("none", "{}"), outside));
        Assert.Equal(404, gone.Reply.Status);
        Assert.Equal("/v1/projects/acme-prod/secrets/db/versions/9%3Falt%3Dmedia", Assert.Single(outside.Asked).Target);
    }

    [Theory]
    [InlineData("https://secretmanager.googleapis.com/v1/projects/123/secrets/s", null)]
    [InlineData("https://secretmanager.googleapis.com/v1/projects/124/secrets/s", "another project")]
    [InlineData("https://iam.googleapis.com/v1/projects/-/serviceAccounts/web@acme-prod.iam.gserviceaccount.com", null)]
    [InlineData("https://iam.googleapis.com/v1/projects/-/serviceAccounts/web@other-prod.iam.gserviceaccount.com", "another project")]
    [InlineData("https://compute.googleapis.com/compute/v1/projects/-/global/networks", "another project")]
    public async Task A_project_is_known_by_its_number_and_by_its_accounts(string url, string? refused)
    {
        var decision = await AskGoogle(url, ("none", "{}"), new Listed("""{"projectId":"acme-prod","projectNumber":"123"}"""));
        Assert.True(refused is null ? decision is GateDecision.Forward : decision is GateDecision.Refuse refuse && refuse.Reason.Contains(refused, StringComparison.Ordinal), decision.ToString());
    }
}
