using McpInfra.Guardrails.Credentials;
using McpInfra.TestKit;
using McpInfra.Tools.Credentials;
using McpInfra.Tools.Git;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace McpInfra.Tools.Tests.Plans.State;

/// <summary>The backend `s3`, written by the real terraform into moto and read by us.</summary>
public sealed class A_state_in_s3
{
    private static string Code(Uri endpoint, string more = "") => Reading.Code($$"""
          backend "s3" {
            bucket       = "states"
            key          = "live/prod.tfstate"
            region       = "eu-central-1"
            access_key   = "AKIAIOSFODNN7EXAMPLE"
            secret_key   = "hunter2"
            endpoints    = { s3 = "{{endpoint}}", sts = "{{endpoint}}", iam = "{{endpoint}}" }
            use_path_style              = true
            skip_credentials_validation = true
            skip_requesting_account_id  = true
            skip_metadata_api_check     = true
            {{more}}
          }
        """);

    private static CloudCredential Credential(Uri endpoint) =>
        new(CredentialIntent.ReadState, new AwsIdentity(null, null, "us-east-1"), "infra/.") { Endpoints = [$"{endpoint.Host}:{endpoint.Port}"] };

    private static StackSettings Bound(Uri endpoint, string workspace = "default") => new(".") { Workspace = workspace, Credentials = [Credential(endpoint)] };

    private static void Issue(Reading reading) => reading.Credentials.Known["infra/.#aws"] = Guardrails.Credentials.Credential.OfAws("AKIAIOSFODNN7EXAMPLE", "canary-secret-key", "canary-token", null);

    private static async Task<Moto> BucketAsync(CancellationToken stop)
    {
        var moto = await Moto.StartAsync(stop);
        using var http = new HttpClient();
        using var made = await http.PutAsync(new Uri(moto.Endpoint, "/states"), new StringContent("<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><LocationConstraint>eu-central-1</LocationConstraint></CreateBucketConfiguration>"), stop);
        made.EnsureSuccessStatusCode();
        return moto;
    }

    [Theory]
    [InlineData("default", "")]
    [InlineData("blue", "")]
    [InlineData("blue", "workspace_key_prefix = \"spaces\"")]
    [InlineData("default", "encrypt = true")]
    public async Task Is_read_of_every_workspace_with_the_stacks_credential(string workspace, string more)
    {
        await using var moto = await BucketAsync(TestContext.Current.CancellationToken);
        await Reading.WriteAsync(Code(moto.Endpoint, more), workspace);
        using var reading = new Reading(Code(moto.Endpoint, more), Bound(moto.Endpoint, workspace));
        Issue(reading);

        var state = await reading.StateAsync();

        Assert.Contains($"\"value\": \"{workspace}\"", System.Text.Encoding.UTF8.GetString(state.Bytes!), StringComparison.Ordinal);
        Assert.False(state.Locked);
        Assert.Equal([(CredentialIntent.ReadState, "infra/.#aws")], reading.Credentials.Asked);
    }

    [Fact]
    public async Task Is_read_by_gets_alone_and_says_when_somebody_holds_its_lock()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var moto = await BucketAsync(stop);
        await Reading.WriteAsync(Code(moto.Endpoint));
        var asked = new List<string>();
        await using var watched = await WatchAsync(moto.Endpoint, asked);
        using var http = new HttpClient();
        using var held = await http.PutAsync(new Uri(moto.Endpoint, "/states/live/prod.tfstate.tflock"), new StringContent("{}"), stop);
        using var reading = new Reading(Code(watched.Endpoint), Bound(watched.Endpoint));
        Issue(reading);

        Assert.True((await reading.StateAsync()).Locked);

        Assert.Equal(["GET /states/live/prod.tfstate", "GET /states/live/prod.tfstate.tflock"], asked);
    }

    [Fact]
    public async Task Is_read_with_the_keys_that_code_writes_at_an_endpoint_that_needs_none_of_ours()
    {
        await using var moto = await BucketAsync(TestContext.Current.CancellationToken);
        await Reading.WriteAsync(Code(moto.Endpoint));
        using var reading = new Reading(Code(moto.Endpoint), new StackSettings(".", Egress: [$"{moto.Endpoint.Host}:{moto.Endpoint.Port}"]));
        Assert.Contains("\"value\": \"default\"", await reading.TextAsync(), StringComparison.Ordinal);
        Assert.Empty(reading.Credentials.Asked);
    }

    [Fact]
    public async Task Sends_no_credential_of_ours_to_an_endpoint_that_code_names()
    {
        var asked = new List<string>();
        await using var attacker = await WatchAsync(new Uri("http://127.0.0.1:9"), asked);
        foreach (var egress in new IReadOnlyList<string>[] { [], [$"{attacker.Endpoint.Host}:{attacker.Endpoint.Port}"] })
        {
            using var reading = new Reading(Code(attacker.Endpoint).Replace("secret_key   = \"hunter2\"", "", StringComparison.Ordinal), Bound(new Uri("http://127.0.0.1:1")) with { Egress = egress });
            Issue(reading);
            Assert.Contains("must not follow an address in code", await reading.FaultAsync(), StringComparison.Ordinal);
            Assert.Empty(reading.Credentials.Asked);
        }

        Assert.Empty(asked);
    }

    [Fact]
    public async Task Is_nothing_yet_where_the_object_is_not_there()
    {
        await using var moto = await BucketAsync(TestContext.Current.CancellationToken);
        using var reading = new Reading(Code(moto.Endpoint), Bound(moto.Endpoint));
        Issue(reading);
        Assert.Null((await reading.StateAsync()).Bytes);
    }

    [Theory]
    [InlineData("states", "other", "no bucket of the name")]
    [InlineData("\"states\"", "\"st/../ates\"", "no state can lie at")]
    [InlineData("\"eu-central-1\"", "\"evil.example/#\"", "no state can lie at")]
    [InlineData("    region       = \"eu-central-1\"\n", "", "has no `region`")]
    [InlineData("\"live/prod.tfstate\"", "\"live/${var.x}\"", "not a literal")]
    public async Task Says_what_is_wrong_with_its_place(string from, string to, string said)
    {
        await using var moto = await BucketAsync(TestContext.Current.CancellationToken);
        using var reading = new Reading(Code(moto.Endpoint).Replace(from, to, StringComparison.Ordinal), Bound(moto.Endpoint));
        Issue(reading);
        Assert.Contains(said, await reading.FaultAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_credential_says_what_to_add()
    {
        using var reading = new Reading(Reading.Code("  backend \"s3\" {\n    bucket = \"states\"\n    key = \"k\"\n    region = \"eu-central-1\"\n  }"));
        Assert.Contains("credentials: { state: { aws: {} } }", await reading.FaultAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, "AccessDenied", "may not read")]
    [InlineData(400, "ExpiredToken", "not accepted")]
    [InlineData(301, "PermanentRedirect", "another region")]
    [InlineData(403, "RequestTimeTooSkewed", "clock is off")]
    public async Task Says_what_a_refusal_means(int status, string code, string said)
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/xml";
            return context.Response.WriteAsync($"<Error><Code>{code}</Code><Message>hunter2</Message></Error>");
        });
        using var reading = new Reading(Code(server.Endpoint), Bound(server.Endpoint));
        Issue(reading);
        var fault = await reading.FaultAsync();
        Assert.Contains(said, fault, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_the_same_of_a_refusal_of_10_MB()
    {
        var padding = new string('x', 1 << 20);
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            context.Response.StatusCode = 403;
            context.Response.ContentType = "application/xml";
            await context.Response.WriteAsync("<Error><Code>AccessDenied</Code><Message>hunter2");
            for (var piece = 0; piece < 10; piece++)
            {
                await context.Response.WriteAsync(padding);
            }

            await context.Response.WriteAsync("</Message></Error>");
        });
        using var reading = new Reading(Code(server.Endpoint), Bound(server.Endpoint));
        Issue(reading);
        Assert.StartsWith("The credential may not read the stack's state.", await reading.FaultAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bucket_that_never_answers_is_given_up()
    {
        await using var server = await LoopbackServer.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using var reading = new Reading(Code(server.Endpoint), Bound(server.Endpoint)) { Limits = new() { Silence = TimeSpan.FromMilliseconds(200) } };
        Issue(reading);
        Assert.Contains("does not answer", await reading.FaultAsync(), StringComparison.Ordinal);
    }

    private static async Task<LoopbackServer> WatchAsync(Uri target, List<string> asked)
    {
        var forward = new HttpClient { BaseAddress = target };
        return await LoopbackServer.StartAsync(async context =>
        {
            asked.Add($"{context.Request.Method} {context.Request.Path}");
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(context.Request.Path, UriKind.Relative));
            request.Headers.TryAddWithoutValidation("Authorization", context.Request.Headers.Authorization.ToString());
            using var answer = await forward.SendAsync(request, context.RequestAborted);
            context.Response.StatusCode = (int)answer.StatusCode;
            context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            await answer.Content.CopyToAsync(context.Response.Body);
        });
    }
}
