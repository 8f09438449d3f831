using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Http;
using McpInfra.Guardrails.Credentials;
using McpInfra.Tools.Plans.Cloud.Bearer;
using McpInfra.Tools.Plans.Cloud.Google;
using McpInfra.Tools.Sandbox.Egress;
using McpInfra.Tools.Tests.Credentials;
using McpInfra.Tools.Tests.Sandbox;
using Xunit;

namespace McpInfra.Tools.Tests.Plans.Cloud;

public sealed class A_gate_of_Google
{
    private const string Real = $"ya29.{ServerAccount.Canary}";

    private static readonly string[] Hosts =
    [
        "compute.googleapis.com:443", "storage.googleapis.com:443", "secretmanager.googleapis.com:443", "europe-west1-run.googleapis.com:443", "bucket.storage.googleapis.com:443", "oauth2.googleapis.com:443",
        "sts.googleapis.com:443", "iamcredentials.googleapis.com:443", "gcr.io:443", "accounts.google.com:443", "google-metadata.mcp-infra.internal:80", "compute.googleapis.com:8443",
    ];

    private static BearerGate Gate(params IReadOnlyList<Endpoint> endpoints) => Gate(new GoogleUse("acme-prod", "plan@acme-prod.iam.gserviceaccount.com", endpoints), _ => new(new Credential(Real, null)));

    private static BearerGate Gate(GoogleUse use, Func<CancellationToken, ValueTask<Credential>> issue) => GoogleAccess.Gate(use, issue, BearerCloud.Secrets(), TimeProvider.System);

    private static async Task<string> Bearer(BearerGate gate)
    {
        var request = BearerCloud.Request("google-metadata.mcp-infra.internal:80", "GET", "/computeMetadata/v1/instance/service-accounts/default/token?scopes=x", fields: new HttpField("Metadata-Flavor", "Google"));
        return (string)JsonNode.Parse(Assert.IsType<GateDecision.Answer>(await gate.DecideAsync(request, Needs.Stop)).Reply.Body.Span)!["access_token"]!;
    }

    private static async Task<GateDecision> Ask(string method, string url, string body = "")
    {
        var (gate, at) = (Gate(), new Uri(url));
        return await gate.DecideAsync(BearerCloud.Request($"{at.Host}:{at.Port}", method, url[(url.IndexOf(at.Host, StringComparison.Ordinal) + at.Host.Length)..], await Bearer(gate), body, new Listed("""{"items":[{"name":"acme-logs"}]}""")), Needs.Stop);
    }

    [Theory]
    [InlineData("GET", "https://compute.googleapis.com/compute/v1/projects/acme-prod/zones/europe-west1-b/instances/host?alt=json&prettyPrint=false", "compute:instances.get")]
    [InlineData("GET", "https://compute.googleapis.com/compute/v1/projects/debian-cloud/global/images/family/debian-12", "compute:family.get")]
    [InlineData("GET", "https://storage.googleapis.com/storage/v1/b/acme-logs?projection=full", "storage:b.get")]
    [InlineData("GET", "https://secretmanager.googleapis.com/v1/projects/acme-prod/secrets/s", "secretmanager:secrets.get")]
    [InlineData("GET", "https://europe-west1-run.googleapis.com/apis/serving.knative.dev/v1/namespaces/acme-prod/services/web", "run:services.get")]
    [InlineData("GET", "https://cloudasset.googleapis.com/v1/projects/acme-prod:searchAllResources?query=x", "cloudasset:projects.searchAllResources")]
    [InlineData("POST", "https://cloudresourcemanager.googleapis.com/v1/projects/acme-prod:getIamPolicy", "cloudresourcemanager:projects.getIamPolicy")]
    [InlineData("POST", "https://pubsub.googleapis.com/v1/projects/acme-prod/topics/t:testIamPermissions", "pubsub:topics.testIamPermissions")]
    public async Task Forwards_reads_of_settings(string method, string url, string asked)
    {
        var forward = Assert.IsType<GateDecision.Forward>(await Ask(method, url, body: method == "POST" ? "{}" : ""));
        Assert.StartsWith(asked.Split(':')[0], forward.Asked.Service, StringComparison.Ordinal);
        Assert.Equal("Bearer " + Real, Assert.Single(forward.Request.Fields, field => field.Name == "Authorization").Value);
        Assert.Equal(method == "POST" ? 2 : 0, forward.Request.Body.Length);
        Assert.EndsWith(asked.Split('.')[^1], forward.Asked.Action, StringComparison.Ordinal);
    }

    public static TheoryData<string, string, string> Refused()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var (service, part) in GoogleReads.Shipped.Never)
        {
            data.Add("GET", $"https://{(service == "*" ? "pubsub" : service)}.googleapis.com/v1/projects/acme-prod/things/t/{part}/x", "hands out secrets, content");
        }

        foreach (var method in new[] { "PUT", "PATCH", "DELETE", "POST", "OPTIONS", "TRACE" })
        {
            foreach (var service in GoogleReads.Shipped.Services)
            {
                data.Add(method, $"https://{service}.googleapis.com/v1/projects/acme-prod/things/t", "no reviewed read");
            }
        }

        foreach (var verb in new[] { "secretmanager/v1/projects/acme-prod/secrets/s:access", "secretmanager/v1/projects/acme-prod/secrets/s%3Aaccess", "cloudkms/v1/projects/acme-prod/k:decrypt", "artifactregistry/v1/projects/acme-prod/f:download", "cloudfunctions/v1/projects/acme-prod/f:generateDownloadUrl" })
        {
            var slash = verb.IndexOf('/', StringComparison.Ordinal);
            data.Add("GET", $"https://{verb[..slash]}.googleapis.com{verb[slash..]}", "custom method");
            data.Add("POST", $"https://{verb[..slash]}.googleapis.com{verb[slash..]}", "custom method");
        }

        foreach (var unknown in new[] { "parametermanager", "runtimeconfig", "identitytoolkit", "firestorekeyvisualizer", "generativelanguage", "www", "drive" })
        {
            data.Add("GET", $"https://{unknown}.googleapis.com/v1/projects/acme-prod/x", "not in the reviewed table");
        }

        foreach (var query in new[] { "alt=media", "$alt=media", "bearer_token=x", "%61lt=media", "ALT=MEDIA", "alt=json&alt=media", "access_token=x", "oauth_token=x", "key=x", "userProject=x", "quotaUser=x", "callback=x", "uploadType=media" })
        {
            data.Add("GET", $"https://storage.googleapis.com/storage/v1/b/acme-logs?{query}", "a parameter asks for content");
        }

        data.Add("GET", "https://storage.googleapis.com/acme-logs/secret.txt", "objects are never read");
        data.Add("GET", "https://storage.googleapis.com/download/storage/v1/b/acme-logs/o/x", "hands out");
        data.Add("GET", "https://storage.googleapis.com/storage/v1/b/anybodys/o?prefix=canary", "hands out");
        data.Add("GET", "https://storage.googleapis.com/storage/v1/b/anybodys/o/canary", "hands out");
        data.Add("GET", "https://storage.googleapis.com/storage/v1/b?project=other&prefix=canary", "another project");
        data.Add("GET", "https://cloudresourcemanager.googleapis.com/v3/projects?parent=organizations/1", "another project");
        data.Add("GET", "https://cloudresourcemanager.googleapis.com/v3/organizations/1", "hands out");
        foreach (var name in new[] { "$httpHeaders", "$httpMethod", "$req", "$ct" })
        {
            data.Add("GET", $"https://compute.googleapis.com/compute/v1/projects/acme-prod/global/networks/n?{name}=X-HTTP-Method-Override:DELETE", "a system parameter");
        }

        data.Add("GET", "https://compute.googleapis.com/compute/v1/projects/other/global/networks", "another project");
        data.Add("GET", "https://compute.googleapis.com/compute/v1/projects/debian-cloud/global/networks", "another project");
        data.Add("GET", "https://secretmanager.googleapis.com/v1/projects/other:x/secrets/s", "another project");
        foreach (var twisted in new[] { "/../x", "//x", "/%2e%2e/x", "/a%2fb", "/a%5cb", "/%00", "/%zz", "/%252e", "/%ff" })
        {
            data.Add("GET", "https://compute.googleapis.com/compute/v1/projects/acme-prod" + twisted, "more than one way");
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Refuses_whatever_else_is_asked(string method, string url, string reason) =>
        Assert.Contains(reason, Assert.IsType<GateDecision.Refuse>(await Ask(method, url)).Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData("https://acme-logs.storage.googleapis.com/secret.txt")]
    [InlineData("https://gcr.io/v2/x")]
    [InlineData("https://europe-docker.pkg.dev/v2/x")]
    [InlineData("https://accounts.google.com/o/oauth2/token")]
    [InlineData("https://web-abc.run.app/")]
    [InlineData("https://oauth2.googleapis.com/tokeninfo")]
    [InlineData("https://compute.googleapis.com:8443/compute/v1/projects/acme-prod/zones")]
    public async Task Refuses_hosts_of_data_and_identities(string url)
    {
        var at = new Uri(url);
        Assert.True(Gate().Governs(new Endpoint(at.Host, at.Port)));
        Assert.False(Gate().AllowsPlain(new Endpoint(at.Host, at.Port)));
        Assert.Contains("the host serves data or identities", Assert.IsType<GateDecision.Refuse>(await Ask("GET", url)).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("oauth2.googleapis.com:443", "/token", "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=x")]
    [InlineData("sts.googleapis.com:443", "/v1/token", "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&subject_token=another")]
    [InlineData("sts.googleapis.com:443", "/v1/introspect", "token=x")]
    [InlineData("iamcredentials.googleapis.com:443", "/v1/projects/-/serviceAccounts/a@b.iam.gserviceaccount.com:signJwt", "{}")]
    [InlineData("iamcredentials.googleapis.com:443", "/v1/projects/-/serviceAccounts/a@b.iam.gserviceaccount.com:generateAccessToken", "{}")]
    public async Task Gives_an_identity_that_code_brings_along_no_token(string host, string target, string body) =>
        Assert.IsType<GateDecision.Refuse>(await Gate().DecideAsync(BearerCloud.Request(host, "POST", target, "ya29.its-own", body), Needs.Stop));

    [Fact]
    public async Task Believes_the_runs_own_bearer_and_no_other()
    {
        var (gate, other) = (Gate(), Gate());
        async Task<string> Reason(string? bearer) =>
            Assert.IsType<GateDecision.Refuse>(await gate.DecideAsync(BearerCloud.Request("compute.googleapis.com:443", "GET", "/compute/v1/projects/acme-prod/zones", bearer), Needs.Stop)).Reason;
        Assert.Equal("the request is anonymous", await Reason(null));
        Assert.Contains("another token", await Reason(Real), StringComparison.Ordinal);
        Assert.Contains("another token", await Reason(await Bearer(other)), StringComparison.Ordinal);
        Assert.DoesNotContain(ServerAccount.Canary, JsonSerializer.Serialize(gate.Environment) + await Bearer(gate), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_clouds_own_library_signs_in_by_a_pool_impersonates_and_reads_through_the_proxy()
    {
        await using var cloud = await BearerCloud.OpenAsync("""{"name":"web"}""");
        var gate = Gate(cloud.Endpoint);
        cloud.Allow(gate);
        using var json = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(gate.Environment["GOOGLE_CREDENTIALS"]));
        var pool = (await CredentialFactory.FromStreamAsync<UrlSourcedExternalAccountCredential>(json, Needs.Stop)).ToGoogleCredential().CreateWithHttpClientFactory(new ThroughProxy(cloud)).CreateScoped("https://www.googleapis.com/auth/cloud-platform");
        var token = await ((ITokenAccess)pool).GetAccessTokenForRequestAsync(cancellationToken: Needs.Stop);
        var other = pool.Impersonate(new ImpersonatedCredential.Initializer("other@acme-prod.iam.gserviceaccount.com") { HttpClientFactory = new ThroughProxy(cloud), Scopes = ["https://www.googleapis.com/auth/cloud-platform"] });
        Assert.Equal(token, await ((ITokenAccess)other).GetAccessTokenForRequestAsync(cancellationToken: Needs.Stop));

        Assert.Equal((200, """{"name":"web"}"""), await cloud.GetAsync("/compute/v1/projects/acme-prod/zones/z/instances/web", token, "GET", ("x-goog-user-project", "other"), ("X-HTTP-Method-Override", "DELETE")));
        Assert.Equal(403, (await cloud.GetAsync("/compute/v1/projects/acme-prod/zones/z/instances/web", token, "DELETE")).Status);
        var heard = Assert.Single(cloud.Heard);
        Assert.Contains("Authorization=Bearer " + Real, heard, StringComparison.Ordinal);
        Assert.DoesNotContain("user-project", heard, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Override", heard, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(cloud.Records, record => record.Asked?.ToString() == "sts:token" && record.Allowed);
        Assert.DoesNotContain(ServerAccount.Canary, string.Join('\n', cloud.Records), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_clouds_own_library_signs_in_by_the_metadata_server_through_the_proxy()
    {
        await using var cloud = await BearerCloud.OpenAsync();
        var gate = Gate(cloud.Endpoint);
        cloud.Allow(gate);
        var machine = new ComputeCredential(new ComputeCredential.Initializer($"http://{gate.Environment["GCE_METADATA_HOST"]}/computeMetadata/v1/instance/service-accounts/default/token") { HttpClientFactory = new ThroughProxy(cloud) });
        Assert.Equal(await Bearer(gate), await machine.GetAccessTokenForRequestAsync(cancellationToken: Needs.Stop));
        using var itself = await cloud.Http.GetAsync(new Uri("http://169.254.169.254/computeMetadata/v1/instance/service-accounts/default/token"), Needs.Stop);
        using var named = await cloud.Http.GetAsync(new Uri("http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token"), Needs.Stop);
        Assert.Equal((403, 403), ((int)itself.StatusCode, (int)named.StatusCode));
        Assert.Empty(cloud.Heard);
    }

    [Theory]
    [InlineData("project/project-id", "acme-prod")]
    [InlineData("universe/universe-domain", "googleapis.com")]
    [InlineData("instance/service-accounts/default/email", "plan@acme-prod.iam.gserviceaccount.com")]
    [InlineData("instance/service-accounts/plan@acme-prod.iam.gserviceaccount.com/scopes", "https://www.googleapis.com/auth/cloud-platform\n")]
    [InlineData("instance/service-accounts/default/identity?audience=https://evil.test&format=full", null)]
    [InlineData("instance/attributes/kube-env", null)]
    [InlineData("instance/attributes/?recursive=true", null)]
    [InlineData("project/attributes/ssh-keys", null)]
    public async Task Is_a_metadata_server_with_its_account_and_project_and_nothing_else(string path, string? text)
    {
        async Task<GateDecision> AskAsync(string method, params HttpField[] fields) =>
            await Gate().DecideAsync(BearerCloud.Request("google-metadata.mcp-infra.internal:80", method, "/computeMetadata/v1/" + path, fields: fields), Needs.Stop);
        var flavor = new HttpField("Metadata-Flavor", "Google");
        var decision = await AskAsync("GET", flavor);
        var reply = decision is GateDecision.Answer answer ? answer.Reply : ((GateDecision.Refuse)decision).Reply!;
        Assert.Equal(text is null ? 404 : 200, reply.Status);
        Assert.Equal(text ?? "mcp-infra: there is nothing here\n", System.Text.Encoding.UTF8.GetString(reply.Body.Span));
        Assert.Equal([flavor], reply.Fields!);
        Assert.Equal(403, Assert.IsType<GateDecision.Refuse>(await AskAsync("GET")).Reply!.Status);
        Assert.Equal(403, Assert.IsType<GateDecision.Refuse>(await AskAsync("POST", flavor)).Reply!.Status);
    }

    [Fact]
    public async Task Sends_the_real_bearer_with_reads_of_the_pinned_project_alone_whatever_is_asked()
    {
        var gate = Gate();
        var (own, others) = (await Bearer(gate), await Bearer(Gate()));
        string[] parts = ["v1", "b", "acme-logs", "anybodys", "o", "projects", "acme-prod", "other", "secrets", "s:access", "t:getIamPolicy", "versions", "token", "organizations"];
        var starts = One("", "/storage/v1/b", "/v1/projects", "/v1/projects/acme-prod");
        await Gen.Select(One(Hosts), One("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"), Gen.Select(starts, One(parts).Array[1, 5]), One(own, others, Real, "")).SampleAsync(async one =>
        {
            var (host, method, (start, more), presented) = one;
            var target = start + string.Concat(more.Select(part => "/" + part));
            var asked = BearerCloud.Request(host, method, target, presented.Length > 0 ? presented : null, "{}", new Listed("""{"items":[{"name":"acme-logs"}]}"""));
            return await gate.DecideAsync(asked, Needs.Stop) is not GateDecision.Forward forward
                || (presented == own && GoogleHosts.Service(asked.Endpoint) is { } service && GoogleReads.Shipped.Services.Contains(service) && forward.Request.Method == method
                    && (method is "GET" or "HEAD" || (method == "POST" && target.EndsWith(":getIamPolicy", StringComparison.Ordinal)))
                    && !target.EndsWith(":access", StringComparison.Ordinal) && !new[] { "/projects/other", "/organizations", service == "storage" ? "/storage/v1/b/anybodys" : "//" }.Any(part => target.Contains(part, StringComparison.Ordinal)));
        });
        static Gen<string> One(params string[] of) => Gen.Int[0, of.Length - 1].Select(index => of[index]);
    }

    [Fact]
    public async Task Asks_about_buckets_of_the_project_and_of_the_state_alone()
    {
        var outside = new Listed("""{"items":[{"name":"acme-logs"}],"nextPageToken":"a b"}""", """{"items":[{"name":"acme-web"}]}""");
        var gate = Gate(new GoogleUse("acme-prod", "", []) { Buckets = new HashSet<string> { "partner-data" } }, _ => new(new Credential(Real, null)));
        var bearer = await Bearer(gate);
        async Task<GateDecision> AskAsync(string bucket) => await gate.DecideAsync(BearerCloud.Request("storage.googleapis.com:443", "GET", $"/storage/v1/b/{bucket}/iam", bearer, outside: outside), Needs.Stop);
        Assert.IsType<GateDecision.Forward>(await AskAsync("partner-data"));
        Assert.Empty(outside.Asked);
        Assert.IsType<GateDecision.Forward>(await AskAsync("acme-logs"));
        Assert.IsType<GateDecision.Forward>(await AskAsync("acme-web"));
        Assert.Equal("the bucket is neither of the pinned project nor of the state", Assert.IsType<GateDecision.Refuse>(await AskAsync("canary-1")).Reason);
        const string first = "/storage/v1/b?project=acme-prod&maxResults=1000&fields=items(name)%2CnextPageToken";
        Assert.Equal([first, first + "&pageToken=a%20b"], outside.Asked.Select(request => request.Target));
        Assert.All(outside.Asked, request => Assert.Contains(new HttpField("Authorization", "Bearer " + Real), request.Fields));
    }

    [Theory]
    [InlineData("""{"error":{"code":403}}""", 403)]
    [InlineData("not what was asked for", 200)]
    [InlineData("""{"items":"none"}""", 200)]
    public async Task Asks_about_no_other_bucket_while_the_projects_cannot_be_listed(string answer, int status)
    {
        var outside = new Listed(answer) { Status = status };
        var gate = Gate();
        var bearer = await Bearer(gate);
        for (var turn = 1; turn <= 2; turn++)
        {
            var refused = await Assert.ThrowsAsync<GateRefusedException>(async () => await gate.DecideAsync(BearerCloud.Request("storage.googleapis.com:443", "GET", "/storage/v1/b/acme-logs", bearer, outside: outside), Needs.Stop));
            Assert.Contains("storage.buckets.list", refused.Message, StringComparison.Ordinal);
            Assert.Equal(turn, outside.Asked.Count);
        }
    }

    [Fact]
    public async Task Goes_on_with_a_new_credential_when_that_of_the_beginning_ends_and_says_when_there_is_none()
    {
        Queue<Func<Credential>> issued = new([() => new(Real, null), () => throw new CredentialException("Renew it."), () => new("ya29.next", null)]);
        var gate = Gate(new GoogleUse("acme-prod", "", []), _ => new(issued.Dequeue()()));
        var bearer = await Bearer(gate);
        async Task<GateDecision> AskAsync() => await gate.DecideAsync(BearerCloud.Request("compute.googleapis.com:443", "GET", "/compute/v1/projects/acme-prod/zones", bearer), Needs.Stop);
        Assert.IsType<GateDecision.Forward>(await AskAsync());
        Assert.Equal("no credential: Renew it.", Assert.IsType<GateDecision.Refuse>(await AskAsync()).Reason);
        Assert.Contains(new HttpField("Authorization", "Bearer ya29.next"), Assert.IsType<GateDecision.Forward>(await AskAsync()).Request.Fields);
    }

    private sealed class ThroughProxy(BearerCloud cloud) : HttpClientFactory
    {
        protected override HttpMessageHandler CreateHandler(CreateHttpClientArgs args) => cloud.Handler();
    }
}
