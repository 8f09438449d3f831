using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using CsCheck;
using McpInfra.Guardrails.Credentials;
using McpInfra.Tools.Credentials;
using McpInfra.Tools.Plans.Cloud.Azure;
using McpInfra.Tools.Plans.Cloud.Bearer;
using McpInfra.Tools.Sandbox.Egress;
using McpInfra.Tools.Tests.Credentials;
using McpInfra.Tools.Tests.Sandbox;
using Xunit;

namespace McpInfra.Tools.Tests.Plans.Cloud;

[Collection(ServerAccount.Name)]
public sealed class A_gate_of_Azure(ServerAccount account)
{
    private const string Tenant = "00000000-0000-0000-0000-000000000001";
    private const string Subscription = "00000000-0000-0000-0000-000000000002";
    private const string Application = "00000000-0000-0000-0000-000000000003";
    private const string Group = $"/subscriptions/{Subscription}/resourceGroups/logs";
    private static readonly string Real = $"e30.{System.Buffers.Text.Base64Url.EncodeToString("""{"oid":"real-object","appid":"real-app","scp":"all"}"""u8)}.{ServerAccount.Canary}";

    private static BearerGate Gate(params IReadOnlyList<Endpoint> endpoints) => Gate(_ => new(new Credential(Real, null)), endpoints);

    private static BearerGate Gate(Func<CancellationToken, ValueTask<Credential>> issue, params IReadOnlyList<Endpoint> endpoints) =>
        AzureAccess.Gate(new AzureUse(AzureCloud.Public, Tenant, Subscription, Application, endpoints), issue, BearerCloud.Secrets(), TimeProvider.System);

    private static async Task<string> Bearer(BearerGate gate)
    {
        var form = $"client_assertion={gate.Environment["ARM_OIDC_TOKEN"]}&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_id={Application}&grant_type=client_credentials&scope=https%3A%2F%2Fmanagement.azure.com%2F.default";
        var answer = Assert.IsType<GateDecision.Answer>(await gate.DecideAsync(BearerCloud.Request("login.microsoftonline.com:443", "POST", $"/{Tenant}/oauth2/v2.0/token", body: form), Needs.Stop));
        return JsonNode.Parse(answer.Reply.Body.Span)!["access_token"]!.GetValue<string>();
    }

    private static async Task<GateDecision> Ask(string method, string target, string host = "management.azure.com:443")
    {
        var gate = Gate();
        return await gate.DecideAsync(BearerCloud.Request(host, method, target, await Bearer(gate)), Needs.Stop);
    }

    [Theory]
    [InlineData($"{Group}?api-version=2020-06-01", "GET", "Microsoft.Resources:resourceGroups/read")]
    [InlineData($"{Group}", "HEAD", "Microsoft.Resources:resourceGroups/read")]
    [InlineData($"/subscriptions/{Subscription}/providers?api-version=2016-02-01", "GET", "Microsoft.Resources:providers/read")]
    [InlineData($"{Group}/providers/Microsoft.Network/virtualNetworks/content/subnets/host?api-version=2023-09-01", "GET", "Microsoft.Network:virtualNetworks/subnets/read")]
    [InlineData($"{Group}/providers/Microsoft.Storage/storageAccounts/keys", "GET", "Microsoft.Storage:storageAccounts/read")]
    [InlineData($"{Group}/providers/Microsoft.KeyVault/vaults/v/providers/Microsoft.Authorization/roleAssignments/r", "GET", "Microsoft.Authorization:roleAssignments/read")]
    [InlineData("/providers/Microsoft.Authorization/roleDefinitions/x", "GET", "Microsoft.Authorization:roleDefinitions/read")]
    public async Task Forwards_reads_of_settings(string target, string method, string asked)
    {
        var forward = Assert.IsType<GateDecision.Forward>(await Ask(method, target));
        Assert.Equal(asked, forward.Asked.ToString());
        Assert.Equal("Bearer " + Real, Assert.Single(forward.Request.Fields, field => field.Name == "Authorization").Value);
        Assert.DoesNotContain(ServerAccount.Canary, $"{forward.Asked} {forward.Request} {forward}", StringComparison.Ordinal);
    }

    public static TheoryData<string, string, string> Refused()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var segment in AzureReads.Shipped.Never.Where(never => !never.Contains('/', StringComparison.Ordinal)))
        {
            data.Add("GET", $"{Group}/providers/Microsoft.Web/sites/s/{segment}", "keys, secrets, content, or a way in");
            data.Add("POST", $"{Group}/providers/Microsoft.Compute/virtualMachines/a/{segment}", "posted");
        }

        foreach (var type in AzureReads.Shipped.Never.Where(never => never.Contains('/', StringComparison.Ordinal)).Select(type => type.Split('/')))
        {
            data.Add("GET", $"{Group}/providers/{type[0]}/{string.Join('/', type[1..].Select(part => $"{part.ToUpperInvariant()}/x"))}", "keys, secrets, content, or a way in");
        }

        foreach (var method in new[] { "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "MERGE" })
        {
            data.Add(method, $"{Group}/providers/Microsoft.Network/virtualNetworks/v", "it would change something");
        }

        data.Add("POST", "/providers/Microsoft.ResourceGraph/resources", "posted");
        data.Add("POST", "/subscriptions/00000000-0000-0000-0000-00000000ffff/providers/Microsoft.Storage/checkNameAvailability", "another subscription");
        foreach (var elsewhere in new[] { "/providers/Microsoft.Storage/checkNameAvailability", $"{Group}/providers/Microsoft.Storage/checkNameAvailability", $"/subscriptions/{Subscription}/providers/Microsoft.Storage/checkNameAvailability?api-version=1&redirect=x", $"/subscriptions/{Subscription}/providers/Microsoft.Storage/locations/westeurope/checkNameAvailability", $"/subscriptions/{Subscription}/providers/Microsoft.Storage/register", $"/subscriptions/{Subscription}/providers/Microsoft.Unknown/checkNameAvailability" })
        {
            data.Add("POST", elsewhere, "posted");
        }

        data.Add("GET", $"{Group}/providers/Microsoft.Unknown/things/t", "not in the reviewed table");
        data.Add("GET", $"{Group}/providers/Microsoft.Network/virtualNetworks/v/providers/Microsoft.Unknown/things/t", "not in the reviewed table");
        data.Add("GET", "/subscriptions/00000000-0000-0000-0000-00000000ffff/resourceGroups/r", "another subscription");
        data.Add("GET", "/subscriptions", "neither of the pinned subscription");
        data.Add("GET", "/tenants", "neither of the pinned subscription");
        data.Add("GET", "/providers/Microsoft.Network/virtualNetworks/v", "of the tenant");
        data.Add("GET", "/batch", "neither of the pinned subscription");
        data.Add("GET", $"{Group}/providers/Microsoft.Storage/storageAccounts/a?$expand=kerbKeys", "keys");
        foreach (var twisted in new[] { "/../x", "//x", "/%2e%2e/x", "/a%2fb", "/a%5cb", "/a\\b", "/%00", "/%zz", "/%252e", "/%ff", "/x#y" })
        {
            data.Add("GET", Group + twisted, "more than one way");
        }

        return data;
    }

    public static TheoryData<string> Questions => [.. AzureReads.Shipped.Post];

    [Theory]
    [MemberData(nameof(Questions))]
    public async Task Asks_whether_a_name_is_free_and_no_longer_question(string question)
    {
        var gate = Gate();
        var bearer = await Bearer(gate);
        async Task<GateDecision> AskAsync(string body, string method = "POST") => await gate.DecideAsync(
            BearerCloud.Request("management.azure.com:443", method, $"/subscriptions/{Subscription}/providers/{question.Replace("/locations/", "/locations/westeurope/", StringComparison.Ordinal)}?api-version=2023-01-01", bearer, body), Needs.Stop);
        const string body = """{"name":"acmelogs","type":"Microsoft.Storage/storageAccounts"}""";
        var forward = Assert.IsType<GateDecision.Forward>(await AskAsync(body));
        Assert.Equal($"{question.Split('/')[0]}:{question[(question.IndexOf('/', StringComparison.Ordinal) + 1)..]}/action", forward.Asked.ToString());
        Assert.Equal(body, Encoding.UTF8.GetString(forward.Request.Body.Span));
        Assert.Contains("shorter", Assert.IsType<GateDecision.Refuse>(await AskAsync(new string('x', 4097))).Reason, StringComparison.Ordinal);
        Assert.IsType<GateDecision.Refuse>(await AskAsync(body, "PUT"));
    }

    [Fact]
    public async Task Sends_the_real_bearer_with_reads_of_the_pinned_subscription_alone_whatever_is_asked()
    {
        var gate = Gate();
        var (own, others) = (await Bearer(gate), await Bearer(Gate()));
        string[] hosts = ["management.azure.com:443", "management.azure.com:8443", "management.usgovcloudapi.net:443", "login.microsoftonline.com:443", "graph.microsoft.com:443", "v.vault.azure.net:443", "a.blob.core.windows.net:443", "azure-identity.mcp-infra.internal:80"];
        string[] parts = ["subscriptions", Subscription, "00000000-0000-0000-0000-00000000ffff", "resourceGroups", "r", "providers", "Microsoft.Storage", "storageAccounts", "a", "listKeys", "checkNameAvailability", "oauth2", "token"];
        var scopes = One("", $"/subscriptions/{Subscription}", $"/subscriptions/{Subscription}/providers/Microsoft.Storage");
        await Gen.Select(One(hosts), One("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"), Gen.Select(scopes, One(parts).Array[0, 5]), One(own, others, Real, "")).SampleAsync(async asked =>
        {
            var (host, method, (scope, more), presented) = asked;
            var target = scope + string.Concat(more.Select(part => "/" + part));
            return await gate.DecideAsync(BearerCloud.Request(host, method, target.Length > 0 ? target : "/", presented.Length > 0 ? presented : null, "{}"), Needs.Stop) is not GateDecision.Forward forward
                || (presented == own && host == hosts[0] && forward.Request.Method == method && target.StartsWith($"/subscriptions/{Subscription}", StringComparison.Ordinal)
                    && (method is "GET" or "HEAD" || (method == "POST" && target.EndsWith("/providers/Microsoft.Storage/checkNameAvailability", StringComparison.Ordinal))));
        });
        static Gen<string> One(params string[] of) => Gen.Int[0, of.Length - 1].Select(index => of[index]);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Refuses_whatever_else_is_asked_of_resource_management(string method, string target, string reason) =>
        Assert.Contains(reason, Assert.IsType<GateDecision.Refuse>(await Ask(method, target)).Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData("account.blob.core.windows.net:443")]
    [InlineData("account.file.core.windows.net:443")]
    [InlineData("vault.vault.azure.net:443")]
    [InlineData("vault.managedhsm.azure.net:443")]
    [InlineData("config.azconfig.io:443")]
    [InlineData("registry.azurecr.io:443")]
    [InlineData("graph.microsoft.com:443")]
    [InlineData("graph.windows.net:443")]
    [InlineData("db.documents.azure.com:443")]
    [InlineData("bus.servicebus.windows.net:443")]
    [InlineData("app.scm.azurewebsites.net:443")]
    [InlineData("server.database.windows.net:1433")]
    [InlineData("management.usgovcloudapi.net:443")]
    [InlineData("management.chinacloudapi.cn:443")]
    [InlineData("management.azure.com:8443")]
    public async Task Refuses_hosts_of_data_keys_and_other_clouds_also_when_egress_would_list_them(string host)
    {
        var endpoint = new Endpoint(host.Split(':')[0], int.Parse(host.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture));
        Assert.True(Gate().Governs(endpoint));
        Assert.False(Gate().AllowsPlain(endpoint));
        Assert.Contains("plans reach resource management alone", Assert.IsType<GateDecision.Refuse>(await Ask("GET", $"{Group}", host)).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("client_secret=s", "not the run's own")]
    [InlineData("client_assertion=e30.e30.x", "not the run's own")]
    [InlineData("client_assertion=OURS&client_secret=s", "not the run's own")]
    [InlineData("client_assertion=OURS&grant_type=password", "not the run's own")]
    [InlineData("refresh_token=r", "not the run's own")]
    public async Task Gives_an_identity_that_code_brings_along_no_token(string form, string reason)
    {
        var gate = Gate();
        form = (form.Contains("grant_type", StringComparison.Ordinal) ? "" : "grant_type=client_credentials&") + form.Replace("OURS", gate.Environment["ARM_OIDC_TOKEN"], StringComparison.Ordinal);
        var refused = Assert.IsType<GateDecision.Refuse>(await gate.DecideAsync(BearerCloud.Request("login.microsoftonline.com:443", "POST", $"/{Tenant}/oauth2/v2.0/token", body: form), Needs.Stop));
        Assert.Contains(reason, refused.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/common/oauth2/authorize")]
    [InlineData("POST", "/common/oauth2/v2.0/devicecode")]
    [InlineData("POST", "/00000000-0000-0000-0000-00000000ffff/oauth2/v2.0/token")]
    [InlineData("GET", "/00000000-0000-0000-0000-00000000ffff/v2.0/.well-known/openid-configuration")]
    public async Task Issues_nothing_else_and_to_no_other_tenant(string method, string target) =>
        Assert.IsType<GateDecision.Refuse>(await Gate().DecideAsync(BearerCloud.Request("login.microsoftonline.com:443", method, target), Needs.Stop));

    [Fact]
    public async Task Believes_the_runs_own_bearer_and_no_other()
    {
        var (gate, other) = (Gate(), Gate());
        var (own, others) = (await Bearer(gate), await Bearer(other));
        async Task<string> Reason(params HttpField[] fields) => Assert.IsType<GateDecision.Refuse>(await gate.DecideAsync(BearerCloud.Request("management.azure.com:443", "GET", Group, fields: fields), Needs.Stop)).Reason;
        Assert.Equal("the request is anonymous", await Reason());
        Assert.Contains("another token", await Reason(new HttpField("Authorization", "Bearer " + others)), StringComparison.Ordinal);
        Assert.Contains("another token", await Reason(new HttpField("Authorization", "Bearer " + Real)), StringComparison.Ordinal);
        Assert.Contains("another token", await Reason(new HttpField("Authorization", "Bearer " + own), new HttpField("Authorization", "Bearer " + own)), StringComparison.Ordinal);
        Assert.Contains("something else", await Reason(new HttpField("Authorization", "SharedKey a:b")), StringComparison.Ordinal);
        Assert.Contains("no token was issued", Assert.IsType<GateDecision.Refuse>(await Gate().DecideAsync(BearerCloud.Request("management.azure.com:443", "GET", Group, own), Needs.Stop)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_who_the_real_identity_is_in_a_token_that_is_good_for_nothing()
    {
        var gate = Gate();
        var token = await Bearer(gate);
        var claims = JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1]))!;
        Assert.Equal(("real-object", "real-app", Tenant), ((string)claims["oid"]!, (string)claims["appid"]!, (string)claims["tid"]!));
        Assert.DoesNotContain(ServerAccount.Canary, token + JsonSerializer.Serialize(gate.Environment), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_clouds_own_library_signs_in_by_assertion_and_reads_through_the_proxy()
    {
        await using var cloud = await BearerCloud.OpenAsync("""{"name":"logs"}""");
        var gate = Gate(cloud.Endpoint);
        cloud.Allow(gate);
        var credential = new ClientAssertionCredential(Tenant, Application, () => gate.Environment["ARM_OIDC_TOKEN"], new ClientAssertionCredentialOptions { Transport = new HttpClientTransport(cloud.Http) });
        var token = await credential.GetTokenAsync(new TokenRequestContext(["https://management.azure.com/.default"]), Needs.Stop);

        Assert.Equal((200, """{"name":"logs"}"""), await cloud.GetAsync($"{Group}?api-version=2020-06-01", token.Token, "GET", ("x-ms-authorization-auxiliary", "Bearer x"), ("X-HTTP-Method-Override", "DELETE"), ("Cookie", "a=b")));
        var (status, body) = await cloud.GetAsync($"{Group}/providers/Microsoft.Storage/storageAccounts/a/listKeys?api-version=2023-01-01", token.Token, "POST");
        Assert.Equal(403, status);
        Assert.Contains("AuthorizationFailed", body, StringComparison.Ordinal);

        var heard = Assert.Single(cloud.Heard);
        Assert.StartsWith($"GET {Group}?api-version=2020-06-01 ", heard, StringComparison.Ordinal);
        Assert.Contains("Authorization=Bearer " + Real, heard, StringComparison.Ordinal);
        Assert.DoesNotContain("x-ms-authorization-auxiliary", heard, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Override", heard, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Cookie", heard, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(
            ["Microsoft.Entra:token", "Microsoft.Resources:resourceGroups/read", "Microsoft.Storage:storageAccounts/listKeys/action"],
            cloud.Records.Select(record => record.Asked!.ToString()).Where(asked => !asked.Contains("discovery", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(ServerAccount.Canary, string.Join('\n', cloud.Records), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_clouds_own_library_signs_in_as_managed_identity_through_the_proxy()
    {
        await using var cloud = await BearerCloud.OpenAsync();
        var gate = Gate(cloud.Endpoint);
        cloud.Allow(gate);
        account.Set("IDENTITY_ENDPOINT", gate.Environment["IDENTITY_ENDPOINT"]);
        account.Set("IDENTITY_HEADER", gate.Environment["IDENTITY_HEADER"]);
        try
        {
            var credential = new ManagedIdentityCredential(new ManagedIdentityCredentialOptions(ManagedIdentityId.SystemAssigned) { Transport = new HttpClientTransport(cloud.Http) });
            var token = await credential.GetTokenAsync(new TokenRequestContext(["https://management.azure.com/.default"]), Needs.Stop);
            Assert.Equal(200, (await cloud.GetAsync(Group, token.Token)).Status);
        }
        finally
        {
            account.Set("IDENTITY_ENDPOINT", null);
            account.Set("IDENTITY_HEADER", null);
        }
    }

    [Fact]
    public async Task The_providers_form_of_a_managed_identity_gets_the_same_token_and_the_machines_own_metadata_is_never_reached()
    {
        await using var cloud = await BearerCloud.OpenAsync();
        var gate = Gate();
        cloud.Allow(gate);
        using var request = new HttpRequestMessage(HttpMethod.Get, gate.Environment["ARM_MSI_ENDPOINT"] + "?api-version=2018-02-01&resource=https%3A%2F%2Fgraph.microsoft.com%2F");
        request.Headers.Add("Metadata", "true");
        using var answer = await cloud.Http.SendAsync(request, Needs.Stop);
        var token = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Needs.Stop))!;
        Assert.Equal((await Bearer(gate), "86399"), ((string)token["access_token"]!, (string)token["expires_in"]!));
        using var without = await cloud.Http.GetAsync(new Uri(gate.Environment["ARM_MSI_ENDPOINT"]), Needs.Stop);
        using var machine = await cloud.Http.GetAsync(new Uri("http://169.254.169.254/metadata/identity/oauth2/token"), Needs.Stop);
        Assert.Equal((400, 403), ((int)without.StatusCode, (int)machine.StatusCode));
    }

    [Fact]
    public async Task Goes_on_with_a_new_credential_when_that_of_the_beginning_ends_and_says_when_there_is_none()
    {
        Queue<Func<Credential>> issued = new([() => new(Real, null), () => new(Real, null), () => throw new CredentialException("Renew it."), () => new("next", null)]);
        var gate = Gate(_ => new(issued.Dequeue()()));
        var bearer = await Bearer(gate);
        async Task<GateDecision> AskAsync() => await gate.DecideAsync(BearerCloud.Request("management.azure.com:443", "GET", Group, bearer), Needs.Stop);
        Assert.IsType<GateDecision.Forward>(await AskAsync());
        Assert.Equal("no credential: Renew it.", Assert.IsType<GateDecision.Refuse>(await AskAsync()).Reason);
        Assert.Contains(new HttpField("Authorization", "Bearer next"), Assert.IsType<GateDecision.Forward>(await AskAsync()).Request.Fields);
    }

    [Fact]
    public async Task A_credential_that_is_not_to_be_had_is_said_in_the_answer()
    {
        var gate = Gate(_ => throw new CredentialException("Renew it."));
        var request = BearerCloud.Request("azure-identity.mcp-infra.internal:80", "GET", "/msi/token", fields: new HttpField("Metadata", "true"));
        var refused = Assert.IsType<GateDecision.Refuse>(await gate.DecideAsync(request, Needs.Stop));
        Assert.Equal("no credential: Renew it.", refused.Reason);
        Assert.Contains("Renew it.", Encoding.UTF8.GetString(refused.Reply!.Body.Span), StringComparison.Ordinal);
    }
}
