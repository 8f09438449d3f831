using System.Text;
using System.Text.Json.Nodes;
using McpInfra.Guardrails.Credentials;
using McpInfra.Guardrails.Redaction;
using McpInfra.Tools.Credentials;
using McpInfra.Tools.Plans.Cloud;
using McpInfra.Tools.Plans.Cloud.Azure;
using McpInfra.Tools.Plans.Cloud.Bearer;
using McpInfra.Tools.Plans.Cloud.Google;
using McpInfra.Tools.Plans.State;
using McpInfra.Tools.Tests.Sandbox;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace McpInfra.Tools.Tests.Plans.Cloud;

/// <summary>What the azurerm and google providers say on the wire when they sign in and refresh, through the proxy, to clouds on loopback behind TLS under their own names.</summary>
public sealed class Providers_that_refresh
{
    private const string Subscription = "00000000-0000-0000-0000-000000000002";
    private const string Tenant = "00000000-0000-0000-0000-000000000001";
    private const string Arm = "https://management.azure.com";
    private const string Group = $"/subscriptions/{Subscription}/resourceGroups/rg";
    private const string Secret = "Ud8kP2xQ-the-database-password-7741";
    private const string Real = "e30.e30.canary-real-bearer-51ab";

    private static readonly SecretTokens Tokens = new(new byte[32]);

    private static RunSecrets State(string type, string attributes, string sensitive) => new(Tokens, StateSanitizer.Sanitize(StackState.Parse(Encoding.UTF8.GetBytes($$"""
        {"version":4,"terraform_version":"1.11.4","serial":1,"lineage":"00000000-0000-0000-0000-000000000000","outputs":{},"resources":[{"mode":"managed","type":"{{type}}","name":"r","provider":"p","instances":[{"schema_version":0,"attributes":{{attributes}},"sensitive_attributes":[[{"type":"get_attr","value":"{{sensitive}}"}]]}]}]}
        """)), Tokens));

    private static async Task<string> TokenAsync(BearerCloud cloud, string method, string url, string? body, params IReadOnlyList<(string Name, string Value)> fields)
    {
        var (status, answer) = await cloud.AskAsync(method, url, null, body, fields);
        Assert.True(status == 200, answer);
        return (string)JsonNode.Parse(answer)!["access_token"]!;
    }

    // The four ways in which azurerm signs in without a person.
    private static async Task<string> SignInToAzureAsync(BearerCloud cloud, BearerGate gate)
    {
        var environment = gate.Environment;
        string Form(string assertion) => $"client_assertion={Uri.EscapeDataString(assertion)}&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_id={environment["ARM_CLIENT_ID"]}&grant_type=client_credentials&scope=https%3A%2F%2Fmanagement.azure.com%2F.default";
        const string login = $"https://login.microsoftonline.com/{Tenant}/oauth2/v2.0/token";
        var byVariable = await TokenAsync(cloud, "POST", login, Form(environment["ARM_OIDC_TOKEN"]));

        using var folder = new ScratchFolder();
        var file = Path.Combine(folder.Path, "token");
        await File.WriteAllTextAsync(file, environment["ARM_OIDC_TOKEN"], Needs.Stop);
        var byFile = await TokenAsync(cloud, "POST", login, Form(await File.ReadAllTextAsync(file, Needs.Stop)));

        var (_, handed) = await cloud.AskAsync("GET", environment["ARM_OIDC_REQUEST_URL"] + "&audience=api%3A%2F%2FAzureADTokenExchange", environment["ARM_OIDC_REQUEST_TOKEN"], null, ("Accept", "application/json"));
        var byRequest = await TokenAsync(cloud, "POST", login, Form((string)JsonNode.Parse(handed)!["value"]!));
        var byIdentity = await TokenAsync(cloud, "GET", environment["ARM_MSI_ENDPOINT"] + "?api-version=2018-02-01&resource=https%3A%2F%2Fmanagement.azure.com%2F", null, ("Metadata", "true"));
        Assert.Equal((byVariable, byVariable, byVariable), (byFile, byRequest, byIdentity));
        Assert.Equal(401, (await cloud.AskAsync("GET", environment["ARM_OIDC_REQUEST_URL"], "another")).Status);
        return byVariable;
    }

    [Fact]
    public async Task Of_Azure_reach_it_by_reads_with_the_real_bearer_alone_and_hear_no_secret()
    {
        var throttled = 0;
        await using var cloud = await BearerCloud.OpenAsync(
            context => (context.Request.Path.Value![(context.Request.Path.Value!.LastIndexOf('/') + 1)..], context.Request.QueryString.Value!) switch
            {
                ("gone", _) => Answer(context, 404, """{"error":{"code":"ResourceNotFound","message":"The Resource was not found."}}"""),
                ("busy", _) when Interlocked.Increment(ref throttled) == 1 => Answer(context, 429, """{"error":{"code":"TooManyRequests"}}""", ("Retry-After", "1")),
                ("broken", _) => Answer(context, 409, $$$"""{"error":{"code":"Conflict","message":"connection with password {{{Secret}}} failed","details":[{"adminPassword":"Ro0t-of-another-kind!"}]}}"""),
                ("flooded", _) => Answer(context, 500, $$$"""{"error":{"message":"{{{new string('x', 10 << 20)}}}{{{Secret}}}"}}"""),
                ("resources", var query) when !query.Contains("skiptoken", StringComparison.Ordinal) => Answer(context, 200, $$"""{"value":[{"id":"{{Group}}/providers/Microsoft.Network/virtualNetworks/net"}],"nextLink":"{{Arm}}{{Group}}/resources?api-version=2021-04-01&%24skiptoken=page2"}"""),
                ("db", _) => Answer(context, 200, $$$"""{"id":"{{{Group}}}/providers/Microsoft.Sql/servers/db","properties":{"administratorLogin":"root","administratorLoginPassword":"{{{Secret}}}","note":"was {{{Secret}}}"}}"""),
                (var name, _) => Answer(context, context.Request.Method == "HEAD" ? 204 : 200, $$$"""{"id":"{{{context.Request.Path}}}","name":"{{{name}}}","location":"westeurope","properties":{"provisioningState":"Succeeded"}}"""),
            },
            "management.azure.com", "login.microsoftonline.com", "vault.vault.azure.net", "logs.blob.core.windows.net", "graph.microsoft.com");
        var secrets = State("azurerm_storage_account", $$"""{"id":"{{Group}}/providers/Microsoft.Storage/storageAccounts/logs","primary_access_key":"{{Secret}}"}""", "primary_access_key");
        var gate = AzureAccess.Gate(new AzureUse(AzureCloud.Public, Tenant, Subscription, "00000000-0000-0000-0000-000000000003", []), _ => new(new Credential(Real, null)), secrets, TimeProvider.System);
        cloud.Allow(gate);
        var bearer = await SignInToAzureAsync(cloud, gate);
        var answers = new StringBuilder();
        async Task<(int Status, string Body)> AskAsync(string method, string target, string? body = null, string host = Arm)
        {
            var answer = await cloud.AskAsync(method, host + target, bearer, body, ("Accept", "application/json"), ("x-ms-correlation-request-id", "6d0f"), ("User-Agent", "HashiCorp Terraform/1.11.4 terraform-provider-azurerm/4.20.0"));
            answers.AppendLine(answer.Body);
            return answer;
        }

        string[] refreshed =
        [
            $"{Group}?api-version=2023-07-01", $"{Group}/providers/Microsoft.Network/virtualNetworks/net?api-version=2024-05-01", $"{Group}/providers/Microsoft.Network/virtualNetworks/net/subnets/a?api-version=2024-05-01",
            $"{Group}/providers/Microsoft.Network/networkSecurityGroups/web?api-version=2024-05-01", $"{Group}/providers/Microsoft.Compute/virtualMachines/web?%24expand=userData&api-version=2024-03-01",
            $"{Group}/providers/Microsoft.Storage/storageAccounts/logs?api-version=2023-05-01", $"{Group}/providers/Microsoft.Storage/storageAccounts/logs/blobServices/default?api-version=2023-05-01",
            $"{Group}/providers/Microsoft.KeyVault/vaults/v?api-version=2023-07-01", $"{Group}/providers/Microsoft.ContainerService/managedClusters/k?api-version=2025-02-01",
            $"{Group}/providers/Microsoft.Web/sites/w/config/web?api-version=2023-12-01", $"/subscriptions/{Subscription}/providers/Microsoft.Authorization/roleAssignments/r?api-version=2022-04-01",
            $"{Group}/providers/Microsoft.Network/virtualNetworks/net/providers/Microsoft.Insights/diagnosticSettings/d?api-version=2021-05-01-preview",
        ];
        foreach (var target in refreshed)
        {
            Assert.Equal(200, (await AskAsync("GET", target)).Status);
        }

        Assert.Equal(204, (await AskAsync("HEAD", $"{Group}?api-version=2023-07-01")).Status);
        Assert.Equal(404, (await AskAsync("GET", $"{Group}/providers/Microsoft.Network/virtualNetworks/gone")).Status);
        Assert.Equal((429, 200), ((await AskAsync("GET", $"{Group}/providers/Microsoft.Network/virtualNetworks/busy")).Status, (await AskAsync("GET", $"{Group}/providers/Microsoft.Network/virtualNetworks/busy")).Status));
        var next = (string)JsonNode.Parse((await AskAsync("GET", $"{Group}/resources?api-version=2021-04-01")).Body)!["nextLink"]!;
        Assert.Equal(200, (await AskAsync("GET", next[Arm.Length..])).Status);
        Assert.Equal(409, (await AskAsync("GET", $"{Group}/providers/Microsoft.Sql/servers/broken")).Status);
        Assert.InRange((await AskAsync("GET", $"{Group}/providers/Microsoft.Sql/servers/flooded")).Body.Length, 1, 200);
        Assert.Contains("\"administratorLoginPassword\":\"[secret:", (await AskAsync("GET", $"{Group}/providers/Microsoft.Sql/servers/db")).Body, StringComparison.Ordinal);
        var keys = await AskAsync("POST", $"{Group}/providers/Microsoft.Storage/storageAccounts/logs/listKeys?%24expand=kerb&api-version=2023-05-01");
        Assert.Equal((200, Tokens.Token("state", Secret)), (keys.Status, (string)JsonNode.Parse(keys.Body)!["keys"]![0]!["value"]!));

        var arrived = cloud.Heard.Count;
        foreach (var (method, target, host) in new[]
        {
            ("POST", "/batch?api-version=2020-06-01", Arm), ("POST", "/providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01", Arm), ("PUT", $"{Group}?api-version=2023-07-01", Arm), ("DELETE", $"{Group}?api-version=2023-07-01", Arm),
            ("POST", $"{Group}/providers/Microsoft.Storage/storageAccounts/other/listKeys", Arm), ("GET", "/subscriptions?api-version=2022-12-01", Arm), ("GET", "/logs?comp=list", "https://logs.blob.core.windows.net"),
            ("GET", "/secrets/db/?api-version=7.4", "https://vault.vault.azure.net"), ("GET", "/v1.0/me", "https://graph.microsoft.com"), ("GET", "/?api-version=2023-07-01", Arm),
        })
        {
            Assert.Equal(403, (await AskAsync(method, target, method is "POST" or "PUT" ? """{"requests":[{"httpMethod":"GET","url":"/x"}]}""" : null, host)).Status);
        }

        Assert.Equal(arrived, cloud.Heard.Count);
        AssertHeld(cloud, bearer, answers.ToString(), [gate.Environment["ARM_OIDC_TOKEN"], gate.Environment["ARM_OIDC_REQUEST_TOKEN"]]);
    }

    [Fact]
    public async Task Of_Google_reach_it_by_reads_with_the_real_bearer_alone_and_hear_no_secret()
    {
        await using var cloud = await BearerCloud.OpenAsync(
            context => (context.Request.Path.Value![(context.Request.Path.Value!.LastIndexOf('/') + 1)..], context.Request.QueryString.Value!) switch
            {
                ("gone", _) => Answer(context, 404, """{"error":{"code":404,"message":"not found","status":"NOT_FOUND"}}"""),
                ("busy", _) => Answer(context, 429, """{"error":{"code":429,"status":"RESOURCE_EXHAUSTED"}}""", ("Retry-After", "1")),
                ("broken", _) => Answer(context, 400, $$$"""{"error":{"code":400,"message":"user root with {{{Secret}}} failed"}}"""),
                ("b", _) => Answer(context, 200, """{"items":[{"name":"acme-logs"}]}"""),
                ("acme-prod", _) => Answer(context, 200, """{"projectId":"acme-prod","projectNumber":"123456"}"""),
                ("instances", var query) when !query.Contains("pageToken", StringComparison.Ordinal) => Answer(context, 200, """{"items":[{"name":"a"}],"nextPageToken":"p2"}"""),
                ("cluster", _) => Answer(context, 200, $$$"""{"name":"cluster","masterAuth":{"clientKey":"{{{Secret}}}","clusterCaCertificate":"x"}}"""),
                (var name, _) => Answer(context, 200, $$"""{"name":"{{name}}","selfLink":"{{context.Request.Path}}"}"""),
            },
            "*.googleapis.com");
        var secrets = State("google_secret_manager_secret_version", $$"""{"id":"projects/123456/secrets/db/versions/1","name":"projects/123456/secrets/db/versions/1","secret_data":"{{Secret}}"}""", "secret_data");
        var gate = GoogleAccess.Gate(new GoogleUse("acme-prod", "plan@acme-prod.iam.gserviceaccount.com", []), _ => new(new Credential(Real, null)), secrets, TimeProvider.System);
        cloud.Allow(gate);

        // A pool's file: the subject token by its address, exchanged; then the metadata server.
        var pool = JsonNode.Parse(gate.Environment["GOOGLE_CREDENTIALS"])!;
        var (_, subject) = await cloud.AskAsync("GET", (string)pool["credential_source"]!["url"]!, null);
        var bearer = await TokenAsync(cloud, "POST", (string)pool["token_url"]!, $"audience={Uri.EscapeDataString((string)pool["audience"]!)}&grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&requested_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token&scope=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fcloud-platform&subject_token={subject}&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Ajwt");
        Assert.Equal(bearer, await TokenAsync(cloud, "GET", $"http://{gate.Environment["GCE_METADATA_HOST"]}/computeMetadata/v1/instance/service-accounts/default/token", null, ("Metadata-Flavor", "Google")));

        var answers = new StringBuilder();
        async Task<(int Status, string Body)> AskAsync(string method, string url, string? body = null)
        {
            var answer = await cloud.AskAsync(method, "https://" + url, bearer, body, ("User-Agent", "Terraform/1.11.4 terraform-provider-google/6.20.0"), ("X-Goog-Api-Client", "gl-go/1.23"));
            answers.AppendLine(answer.Body);
            return answer;
        }

        string[] refreshed =
        [
            "compute.googleapis.com/compute/v1/projects/acme-prod/global/networks/net?alt=json", "compute.googleapis.com/compute/v1/projects/acme-prod/regions/europe-west1/subnetworks/a?alt=json", "compute.googleapis.com/compute/v1/projects/acme-prod/global/firewalls/web?alt=json",
            "compute.googleapis.com/compute/v1/projects/acme-prod/zones/europe-west1-b/instances/web?alt=json&prettyPrint=false", "storage.googleapis.com/storage/v1/b/acme-logs?alt=json&prettyPrint=false", "cloudresourcemanager.googleapis.com/v1/projects/acme-prod?alt=json",
            "container.googleapis.com/v1/projects/acme-prod/locations/europe-west1/clusters/cluster?alt=json", "sqladmin.googleapis.com/sql/v1beta4/projects/acme-prod/instances/db/users?alt=json", "iam.googleapis.com/v1/projects/acme-prod/serviceAccounts/web@acme-prod.iam.gserviceaccount.com?alt=json",
            "secretmanager.googleapis.com/v1/projects/123456/secrets/db/versions/1?alt=json", "pubsub.googleapis.com/v1/projects/acme-prod/topics/t?alt=json", "run.googleapis.com/v2/projects/acme-prod/locations/europe-west1/services/web?alt=json",
        ];
        foreach (var url in refreshed)
        {
            Assert.Equal(200, (await AskAsync("GET", url)).Status);
        }

        Assert.Equal(200, (await AskAsync("POST", "cloudresourcemanager.googleapis.com/v1/projects/acme-prod:getIamPolicy?alt=json", """{"options":{"requestedPolicyVersion":3}}""")).Status);
        const string list = "compute.googleapis.com/compute/v1/projects/acme-prod/zones/europe-west1-b/instances";
        Assert.Equal("p2", (string)JsonNode.Parse((await AskAsync("GET", list)).Body)!["nextPageToken"]!);
        Assert.Equal(200, (await AskAsync("GET", list + "?pageToken=p2")).Status);
        Assert.Equal((404, 429, 400), ((await AskAsync("GET", list + "/gone")).Status, (await AskAsync("GET", list + "/busy")).Status, (await AskAsync("GET", list + "/broken")).Status));
        var (_, access) = await AskAsync("GET", "secretmanager.googleapis.com/v1/projects/123456/secrets/db/versions/1:access?alt=json");
        Assert.StartsWith("[secret:", Encoding.UTF8.GetString(Convert.FromBase64String((string)JsonNode.Parse(access)!["payload"]!["data"]!)), StringComparison.Ordinal);

        var arrived = cloud.Heard.Count;
        foreach (var (method, url) in new[]
        {
            ("POST", "compute.googleapis.com/batch/compute/v1"), ("POST", "www.googleapis.com/batch"), ("POST", "storage.googleapis.com/batch/storage/v1"), ("GET", "storage.googleapis.com/storage/v1/b/anybodys"), ("GET", "storage.googleapis.com/storage/v1/b/acme-logs/o/x?alt=media"),
            ("DELETE", list + "/web"), ("GET", "compute.googleapis.com/compute/v1/projects/other-prod/global/networks/net"), ("POST", "secretmanager.googleapis.com/v1/projects/acme-prod/secrets/db:addVersion"), ("GET", "redis.googleapis.com/v1/projects/acme-prod/locations/l/instances/i/authString"),
            ("POST", "cloudkms.googleapis.com/v1/projects/acme-prod/locations/l/keyRings/r/cryptoKeys/k:decrypt"), ("GET", "bigquery.googleapis.com/bigquery/v2/projects/acme-prod/datasets/d/tables/t/data"), ("POST", "iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/a@b.iam.gserviceaccount.com:signBlob"),
        })
        {
            Assert.Equal(403, (await AskAsync(method, url, method == "POST" ? "{}" : null)).Status);
        }

        Assert.Equal(arrived, cloud.Heard.Count);
        AssertHeld(cloud, bearer, answers.ToString(), [subject]);
    }

    private static void AssertHeld(BearerCloud cloud, string dummy, string answers, IReadOnlyList<string> dummies)
    {
        Assert.True(cloud.Heard.Count > 15, "a refresh asks about much");
        Assert.All(cloud.Heard, heard => Assert.Contains($"Authorization=Bearer {Real}", heard, StringComparison.Ordinal));
        Assert.All(cloud.Heard, heard => Assert.True(heard.StartsWith("GET /", StringComparison.Ordinal) || heard.StartsWith("HEAD /", StringComparison.Ordinal) || heard.Contains(":getIamPolicy", StringComparison.Ordinal), heard));
        Assert.All([dummy, .. dummies], one => Assert.DoesNotContain(one, string.Join('\n', cloud.Heard), StringComparison.Ordinal));
        Assert.DoesNotContain(Secret, answers, StringComparison.Ordinal);
        Assert.DoesNotContain("canary-real-bearer", answers + string.Join('\n', cloud.Records), StringComparison.Ordinal);
    }

    private static Task Answer(HttpContext context, int status, string body, params IReadOnlyList<(string Name, string Value)> fields)
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in fields)
        {
            context.Response.Headers[name] = value;
        }

        return status == 204 ? Task.CompletedTask : context.Response.WriteAsync(body, context.RequestAborted);
    }
}
