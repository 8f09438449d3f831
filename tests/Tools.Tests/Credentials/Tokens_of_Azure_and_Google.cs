using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Web;
using McpInfra.Guardrails.Credentials;
using McpInfra.TestKit;
using McpInfra.Tools.Credentials;
using McpInfra.Tools.Credentials.Azure;
using McpInfra.Tools.Credentials.Google;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace McpInfra.Tools.Tests.Credentials;

/// <summary>The real Azure.Identity and Google.Apis.Auth against token services that speak as the clouds' do.</summary>
[Collection(ServerAccount.Name)]
public sealed class Tokens_of_Azure_and_Google(ServerAccount account)
{
    private const string Application = "00000000-0000-0000-0000-00000000000a";
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;
    private readonly MemoryTrail trail = new();
    private readonly ConcurrentQueue<(Uri To, string Body)> asked = new();

    private static CloudCredential Of(CloudIdentity identity, CredentialIntent intent = CredentialIntent.PlanStack, Uri? at = null) => new(intent, identity, "infra/prod") { TokenService = at };

    private async Task<Credential> Issue(CloudCredential credential, ICredentialIssuer issuer) =>
        await new AuditedCredentials([.. ConfiguredCredential.All([credential], [issuer])], trail, TimeProvider.System).For(Calls.Caller(), credential.Intent, credential.Target, Stop);

    private async Task<string> Refusal(CloudCredential credential, ICredentialIssuer issuer)
    {
        var message = (await Assert.ThrowsAsync<CredentialException>(() => Issue(credential, issuer))).ToString();
        Assert.DoesNotContain(ServerAccount.Canary, message + string.Join('\n', trail.Records), StringComparison.Ordinal);
        return message;
    }

    private AzureIssuer Azure(Func<string, (HttpStatusCode, string)>? token = null, TimeSpan off = default) =>
        new(TimeProvider.System, () => new Login(asked, token ?? (_ => (HttpStatusCode.OK, $$"""{"token_type":"Bearer","expires_in":3599,"access_token":"{{ServerAccount.Canary}}-azure"}""")), off));

    private static AzureIdentity Workload(string file) => new(AzureCloud.Public, "acme.example", new AzureProof.WorkloadIdentity(Application, file, null));

    [Theory]
    [InlineData(CredentialIntent.PlanStack, AzureCloud.Public, "https://management.azure.com/.default", "login.microsoftonline.com")]
    [InlineData(CredentialIntent.PlanStack, AzureCloud.UsGovernment, "https://management.usgovcloudapi.net/.default", "login.microsoftonline.us")]
    [InlineData(CredentialIntent.PlanStack, AzureCloud.China, "https://management.chinacloudapi.cn/.default", "login.chinacloudapi.cn")]
    [InlineData(CredentialIntent.ReadState, AzureCloud.Public, "https://storage.azure.com/.default", "login.microsoftonline.com")]
    public async Task A_federated_token_is_exchanged_for_one_of_the_intents_audience(CredentialIntent intent, AzureCloud cloud, string scope, string host)
    {
        var file = account.Write("token", $"{ServerAccount.Canary}.federated.token\n");
        var credential = await Issue(Of(Workload(file) with { National = cloud }, intent), Azure());
        Assert.Equal($"{ServerAccount.Canary}-azure", credential.Reveal());
        Assert.InRange(credential.Expires!.Value - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(55), TimeSpan.FromMinutes(60));
        var (to, body) = Assert.Single(asked, request => request.Body.Length > 0);
        var form = HttpUtility.ParseQueryString(body);
        Assert.Equal(host, to.Host);
        Assert.Equal((Application, $"{ServerAccount.Canary}.federated.token"), (form["client_id"]!, form["client_assertion"]!));
        Assert.Contains(scope, form["scope"]!, StringComparison.Ordinal);
        Assert.DoesNotContain(ServerAccount.Canary, $"{credential}{string.Join('\n', trail.Records)}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AADSTS7000222: the secret has expired", "has expired (AADSTS7000222); make a new one, or use workload_identity")]
    [InlineData("AADSTS7000215: wrong secret", "put the secret's value, not its id")]
    [InlineData("AADSTS700016: no such application", "correct `client_id` or `tenant`")]
    [InlineData("AADSTS99999: something new", "Azure refused (AADSTS99999)")]
    public async Task A_refusal_of_Azure_says_what_mends_it_and_quotes_nobody(string said, string words)
    {
        var secret = account.Write("secret", $"{ServerAccount.Canary}-secret");
        var identity = new AzureIdentity(AzureCloud.Public, "acme.example", new AzureProof.ClientSecret(Application, secret));
        var azure = Azure(_ => (HttpStatusCode.Unauthorized, $$"""{"error":"invalid_client","error_description":"{{said}} for {{ServerAccount.Canary}}","error_codes":[1]}"""));
        Assert.Contains(words, await Refusal(Of(identity), azure), StringComparison.Ordinal);
        Assert.Contains(asked, request => request.Body.Contains($"{ServerAccount.Canary}-secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_clock_five_minutes_off_is_said_of_Azure_too()
    {
        var azure = Azure(_ => (HttpStatusCode.Unauthorized, """{"error":"invalid_client","error_description":"AADSTS700024: not within its valid time range"}"""), TimeSpan.FromMinutes(5));
        Assert.Contains("clock is 5 minutes behind", await Refusal(Of(Workload(account.Write("token", "a.b.c"))), azure), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_that_others_may_read_is_refused_and_never_sent()
    {
        if (OperatingSystem.IsWindows())
        {
            throw Skip.Because("files have no modes there");
        }

        var secret = account.Write("open-secret", $"{ServerAccount.Canary}-secret");
        File.SetUnixFileMode(secret, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Assert.Contains("run `chmod 600` on it", await Refusal(Of(new AzureIdentity(AzureCloud.Public, "acme.example", new AzureProof.ClientSecret(Application, secret))), Azure()), StringComparison.Ordinal);
        Assert.Contains("cannot be read; check its path", await Refusal(Of(Workload(Path.Combine(account.Folder, "gone"))), Azure()), StringComparison.Ordinal);
        Assert.DoesNotContain(asked, request => request.Body.Length > 0);
    }

    [Fact]
    public async Task A_pool_exchanges_its_token_and_the_service_account_is_impersonated_for_an_hour()
    {
        var token = account.Write("subject", $"{ServerAccount.Canary}.subject");
        await using var google = await GoogleAsync();
        var pool = account.Write("pool.json", Pool(google.Endpoint, $$"""{ "file": "{{token}}" }"""));
        var credential = await Issue(Of(new GoogleIdentity(pool, "plan@acme-prod.iam.gserviceaccount.com"), at: google.Endpoint), new GoogleIssuer(TimeProvider.System));

        Assert.Equal($"{ServerAccount.Canary}-impersonated", credential.Reveal());
        Assert.Equal(DateTimeOffset.Parse("2040-01-01T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture), credential.Expires);
        var exchange = Assert.Single(asked, request => request.To.AbsolutePath == "/v1/token").Body;
        Assert.Equal($"{ServerAccount.Canary}.subject", HttpUtility.ParseQueryString(exchange)["subject_token"]);
        var (to, body) = Assert.Single(asked, request => request.To.AbsolutePath != "/v1/token");
        Assert.Equal("/v1/projects/-/serviceAccounts/plan@acme-prod.iam.gserviceaccount.com:generateAccessToken", to.AbsolutePath);
        Assert.Equal("""{"scope":["https://www.googleapis.com/auth/cloud-platform"],"lifetime":"3600s"}""" + $" Bearer {ServerAccount.Canary}-federated", body);
        Assert.DoesNotContain(ServerAccount.Canary, $"{credential}{string.Join('\n', trail.Records)}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_state_is_read_with_a_token_that_only_reads_storage()
    {
        var token = account.Write("subject", "a.b.c");
        await using var google = await GoogleAsync();
        var pool = account.Write("pool.json", Pool(google.Endpoint, $$"""{ "file": "{{token}}" }"""));
        var credential = await Issue(Of(new GoogleIdentity(pool, null), CredentialIntent.ReadState), new GoogleIssuer(TimeProvider.System));
        Assert.Equal($"{ServerAccount.Canary}-federated", credential.Reveal());
        Assert.InRange(credential.Expires!.Value - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(50), TimeSpan.FromMinutes(60));
        Assert.Equal("https://www.googleapis.com/auth/devstorage.read_only", HttpUtility.ParseQueryString(Assert.Single(asked).Body)["scope"]);
    }

    [Theory]
    [InlineData("""{ "type": "service_account", "private_key": "canary7f31c0de" }""", "is no credential configuration file of a pool")]
    [InlineData("""{ "type": "external_account", "credential_source": { "executable": { "command": "/bin/canary7f31c0de" } } }""", "a program is never run")]
    [InlineData("""{ "type": "external_account" }""", "has no `credential_source`")]
    [InlineData("canary7f31c0de", "cannot be read")]
    public async Task Only_a_pools_configuration_is_one(string text, string words) =>
        Assert.Contains(words, await Refusal(Of(new GoogleIdentity(account.Write("pool.json", text), null)), new GoogleIssuer(TimeProvider.System)), StringComparison.Ordinal);

    [Theory]
    [InlineData(403, "needs roles/iam.serviceAccountTokenCreator on it")]
    [InlineData(404, "correct `impersonate_service_account`")]
    [InlineData(503, "answered HTTP 503")]
    public async Task A_refusal_of_Google_says_what_mends_it_and_quotes_nobody(int status, string words)
    {
        var token = account.Write("subject", "a.b.c");
        await using var google = await GoogleAsync(status);
        var pool = account.Write("pool.json", Pool(google.Endpoint, $$"""{ "file": "{{token}}" }"""));
        Assert.Contains(words, await Refusal(Of(new GoogleIdentity(pool, "plan@acme-prod.iam.gserviceaccount.com"), at: google.Endpoint), new GoogleIssuer(TimeProvider.System)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exchange_that_Google_refuses_says_why()
    {
        var token = account.Write("subject", "a.b.c");
        await using var google = await LoopbackServer.StartAsync(async context =>
        {
            context.Response.StatusCode = 400;
            await context.Response.WriteAsync($$"""{ "error": "invalid_target", "error_description": "{{ServerAccount.Canary}}" }""", Stop);
        });
        var pool = account.Write("pool.json", Pool(google.Endpoint, $$"""{ "file": "{{token}}" }"""));
        Assert.Contains("no such pool or provider (invalid_target)", await Refusal(Of(new GoogleIdentity(pool, null)), new GoogleIssuer(TimeProvider.System)), StringComparison.Ordinal);
    }

    private static string Pool(Uri google, string source) => $$"""
        {
          "type": "external_account",
          "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q",
          "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
          "token_url": "{{google}}v1/token",
          "credential_source": {{source}}
        }
        """;

    private Task<LoopbackServer> GoogleAsync(int impersonation = 200) => LoopbackServer.StartAsync(async context =>
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(Stop);
        var exchange = context.Request.Path == "/v1/token";
        asked.Enqueue((new Uri("http://google" + context.Request.Path), exchange ? body : $"{body} {context.Request.Headers.Authorization}"));
        context.Response.StatusCode = exchange ? 200 : impersonation;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(
            exchange ? $$"""{ "access_token": "{{ServerAccount.Canary}}-federated", "issued_token_type": "urn:ietf:params:oauth:token-type:access_token", "token_type": "Bearer", "expires_in": 3599 }"""
            : impersonation == 200 ? $$"""{ "accessToken": "{{ServerAccount.Canary}}-impersonated", "expireTime": "2040-01-01T00:00:00Z" }""" : $$"""{ "error": { "message": "{{ServerAccount.Canary}}" } }""",
            Stop);
    });

    /// <summary>login.microsoftonline.com as far as Azure.Identity asks it: instance discovery, the tenant's metadata, tokens.</summary>
    private sealed class Login(ConcurrentQueue<(Uri To, string Body)> asked, Func<string, (HttpStatusCode Status, string Body)> token, TimeSpan off) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var (to, body) = (request.RequestUri!, request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken));
            asked.Enqueue((to, body));
            var tenant = $"https://{to.Host}/acme.example";
            var (status, text) = to.AbsolutePath switch
            {
                "/common/discovery/instance" => (HttpStatusCode.OK, $$"""{"tenant_discovery_endpoint":"{{tenant}}/v2.0/.well-known/openid-configuration","api-version":"1.1","metadata":[{"preferred_network":"{{to.Host}}","preferred_cache":"{{to.Host}}","aliases":["{{to.Host}}"]}]}"""),
                var path when path.EndsWith("openid-configuration", StringComparison.Ordinal) => (HttpStatusCode.OK, $$"""{"token_endpoint":"{{tenant}}/oauth2/v2.0/token","authorization_endpoint":"{{tenant}}/oauth2/v2.0/authorize","issuer":"{{tenant}}/v2.0"}"""),
                _ => token(body),
            };
            var answer = new HttpResponseMessage(status) { Content = new StringContent(text, Encoding.UTF8, "application/json") };
            answer.Headers.Date = DateTimeOffset.UtcNow + off;
            return answer;
        }
    }
}
