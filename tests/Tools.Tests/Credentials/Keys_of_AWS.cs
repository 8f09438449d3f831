using System.Text.Json;
using System.Text.RegularExpressions;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Credentials;
using McpInfra.TestKit;
using McpInfra.Tools.Credentials;
using McpInfra.Tools.Credentials.Aws;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace McpInfra.Tools.Tests.Credentials;

[Collection(ServerAccount.Name)]
public sealed class Keys_of_AWS(ServerAccount account) : IAsyncLifetime
{
    private const string Role = "arn:aws:iam::111122223333:role/team/plan";
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;
    private readonly MemoryTrail trail = new();
    private WireAws sts = null!;

    public async ValueTask InitializeAsync() => sts = await WireAws.StartAsync();

    public async ValueTask DisposeAsync() => await sts.DisposeAsync();

    private CloudCredential Of(AssumedRole? role = null, string? profile = null, string? pin = null, Uri? at = null, CredentialIntent intent = CredentialIntent.PlanStack) =>
        new(intent, new AwsIdentity(profile, role, "us-east-1"), "infra/prod") { Account = pin, TokenService = at ?? sts.Endpoint };

    private async Task<Credential> Issue(CloudCredential credential, TimeProvider? time = null) =>
        await new AuditedCredentials([.. ConfiguredCredential.All([credential], [new AwsIssuer(SessionPolicies.All, time ?? TimeProvider.System)])], trail, TimeProvider.System)
            .For(Calls.Caller(), credential.Intent, credential.Target, Stop);

    private async Task<string> Refusal(CloudCredential credential, TimeProvider? time = null)
    {
        var message = (await Assert.ThrowsAsync<CredentialException>(() => Issue(credential, time))).ToString();
        Assert.DoesNotContain(ServerAccount.Canary, message + string.Join('\n', trail.Records), StringComparison.Ordinal);
        return message;
    }

    private static string Assumed(string role, string expires) => WireAws.Query("AssumeRole", $"""
        <AssumedRoleUser><AssumedRoleId>AROA:mcp-infra</AssumedRoleId><Arn>{role.Replace(":iam:", ":sts:", StringComparison.Ordinal).Replace(":role/", ":assumed-role/", StringComparison.Ordinal)}/mcp-infra</Arn></AssumedRoleUser>
        <Credentials><AccessKeyId>ASIAIOSFODNN7SESSION</AccessKeyId><SecretAccessKey>{ServerAccount.Canary}-role</SecretAccessKey><SessionToken>{ServerAccount.Canary}-token</SessionToken><Expiration>{expires}</Expiration></Credentials>
        """);

    private static string Federated => WireAws.Query("GetFederationToken", $"""
        <FederatedUser><FederatedUserId>111122223333:mcp-infra</FederatedUserId><Arn>arn:aws:sts::111122223333:federated-user/mcp-infra</Arn></FederatedUser>
        <Credentials><AccessKeyId>ASIAIOSFODNNFEDERATED</AccessKeyId><SecretAccessKey>{ServerAccount.Canary}-federated</SecretAccessKey><SessionToken>{ServerAccount.Canary}-token</SessionToken><Expiration>{DateTime.UtcNow.AddHours(1):O}</Expiration></Credentials>
        """);

    [Fact]
    public async Task A_role_is_assumed_with_its_external_id_and_under_the_intents_policy()
    {
        await using var moto = await Moto.StartAsync(Stop);
        using var http = new HttpClient();
        var arrived = new TaskCompletionSource<string>();
        await using var between = await LoopbackServer.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync(Stop);
            arrived.TrySetResult(body + "\n" + context.Request.Headers.Authorization);
            using var onward = new HttpRequestMessage(HttpMethod.Post, moto.Endpoint) { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/x-www-form-urlencoded") };
            onward.Headers.TryAddWithoutValidation("Authorization", (string?)context.Request.Headers.Authorization);
            using var answer = await http.SendAsync(onward, Stop);
            context.Response.ContentType = "text/xml";
            await context.Response.WriteAsync(await answer.Content.ReadAsStringAsync(Stop), Stop);
        });

        var credential = await Issue(Of(new AssumedRole(Role, "acme-1", "mcp-infra", null), profile: "base", at: between.Endpoint));

        var (id, secret, token) = credential.RevealAws();
        Assert.StartsWith("ASIA", id, StringComparison.Ordinal);
        Assert.NotEmpty(secret);
        Assert.NotNull(token);
        Assert.InRange(credential.Expires!.Value - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(50), TimeSpan.FromMinutes(61));
        var request = await arrived.Task;
        var form = System.Web.HttpUtility.ParseQueryString(request.Split('\n')[0]);
        Assert.Equal(("AssumeRole", Role, "acme-1", "mcp-infra", "3600"), (form["Action"]!, form["RoleArn"]!, form["ExternalId"]!, form["RoleSessionName"]!, form["DurationSeconds"]!));
        Assert.Equal(SessionPolicies.Plan.Inline, form["Policy"]);
        Assert.Equal("arn:aws:iam::aws:policy/ReadOnlyAccess", form["PolicyArns.member.1.arn"]);
        Assert.Contains("Credential=AKIAIOSFODNN7PROFILE/", request, StringComparison.Ordinal);
        Assert.DoesNotContain(ServerAccount.Canary, request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_of_them_is_in_what_is_recorded_printed_or_serialised()
    {
        sts.On("AssumeRole", Assumed(Role, DateTime.UtcNow.AddHours(1).ToString("O")));
        var credential = await Issue(Of(new AssumedRole(Role, "acme-1", "mcp-infra", null)));
        Assert.Equal(($"{ServerAccount.Canary}-role", $"{ServerAccount.Canary}-token"), (credential.RevealAws().Secret, credential.RevealAws().SessionToken));
        var shown = $"{credential} {JsonSerializer.Serialize(credential)} {string.Join('\n', trail.Records)} {JsonSerializer.Serialize(trail.Records.Select(record => record.Entry.Arguments))}";
        Assert.DoesNotContain(ServerAccount.Canary, shown, StringComparison.Ordinal);
        Assert.Contains($"AWS role {Role} by the ambient chain", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(Environment.GetEnvironmentVariables().Values.Cast<string>(), value => value.Contains($"{ServerAccount.Canary}-role", StringComparison.Ordinal) || value.Contains($"{ServerAccount.Canary}-token", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_policy_of_the_operator_takes_the_place_of_ours()
    {
        var file = account.Write("policy.json", """{ "Version": "2012-10-17", "Statement": [ { "Effect": "Allow", "Action": "ec2:DescribeVpcs", "Resource": "*" } ] }""");
        sts.On("AssumeRole", Assumed(Role, DateTime.UtcNow.AddHours(1).ToString("O")));
        await Issue(Of(new AssumedRole(Role, null, "mcp-infra", file)));
        var form = Assert.Single(sts.Requests).Form!;
        Assert.Equal("""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ec2:DescribeVpcs","Resource":"*"}]}""", form["Policy"]);
        Assert.Null(form["PolicyArns.member.1.arn"]);
        Assert.Null(form["ExternalId"]);
    }

    [Theory]
    [InlineData(CredentialIntent.ScanSource)]
    [InlineData(CredentialIntent.ReadState)]
    public async Task The_ambient_chain_and_a_profile_are_used_as_they_are_for_requests_of_our_own_and_nobody_is_asked(CredentialIntent intent)
    {
        Assert.Equal(("AKIAIOSFODNN7AMBIENT", $"{ServerAccount.Canary}-ambient", (string?)null), (await Issue(Of(intent: intent))).RevealAws());
        Assert.Equal("AKIAIOSFODNN7PROFILE", (await Issue(Of(profile: "base", intent: intent))).RevealAws().KeyId);
        Assert.Empty(sts.Requests);
    }

    [Theory]
    [InlineData(null, "AKIAIOSFODNN7AMBIENT")]
    [InlineData("base", "AKIAIOSFODNN7PROFILE")]
    public async Task A_users_keys_are_narrowed_for_plans_by_a_session_under_the_intents_policy(string? profile, string asks)
    {
        await using var moto = await Moto.StartAsync(Stop);
        var credential = await Issue(Of(profile: profile, pin: "123456789012", at: moto.Endpoint));
        var (id, _, token) = credential.RevealAws();
        Assert.Equal("AKIAIOSFODNN7EXAMPLE", id); // The one session that moto gives.
        Assert.NotNull(token);
        Assert.InRange(credential.Expires!.Value - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(50), TimeSpan.FromMinutes(61));
        Assert.Contains("another account", await Refusal(Of(profile: profile, pin: "999988887777", at: moto.Endpoint)), StringComparison.Ordinal);

        sts.On("GetFederationToken", Federated);
        await Issue(Of(profile: profile));
        var request = Assert.Single(sts.Requests);
        Assert.Equal(("mcp-infra", "3600", SessionPolicies.Plan.Inline, "arn:aws:iam::aws:policy/ReadOnlyAccess"), (request.Form!["Name"]!, request.Form["DurationSeconds"]!, request.Form["Policy"]!, request.Form["PolicyArns.member.1.arn"]!));
        Assert.Contains($"Credential={asks}/", request.Authorization, StringComparison.Ordinal);
    }

    [Fact]
    public async Task IAM_answers_no_such_session_and_is_asked_with_the_keys_themselves_which_is_recorded_by_itself()
    {
        sts.On("GetFederationToken", Federated);
        var plan = Of();
        Assert.Equal("AKIAIOSFODNN7AMBIENT", (await Issue(plan.ForIam())).RevealAws().KeyId);
        Assert.Empty(sts.Requests);
        Assert.Contains("infra/prod#aws iam", string.Join('\n', trail.Records.Select(record => record.Entry.Arguments!.ToJsonString())), StringComparison.Ordinal);
        var role = Of(new AssumedRole(Role, null, "mcp-infra", null));
        Assert.Equal(role, role.ForIam());
    }

    [Fact]
    public async Task The_session_of_a_role_cannot_be_narrowed_and_is_used_as_it_is_and_so_is_what_an_emulator_takes()
    {
        sts.On("GetFederationToken", Federated);
        account.Set("AWS_SESSION_TOKEN", "of-a-role");
        try
        {
            Assert.Equal(("AKIAIOSFODNN7AMBIENT", "of-a-role"), ((await Issue(Of())).RevealAws().KeyId, (await Issue(Of())).RevealAws().SessionToken));
        }
        finally
        {
            account.Set("AWS_SESSION_TOKEN", null);
        }

        Assert.Equal("AKIAIOSFODNN7AMBIENT", (await Issue(Of() with { Endpoints = ["moto:5000"], TokenService = null })).RevealAws().KeyId);
        Assert.Empty(sts.Requests);
    }

    [Fact]
    public async Task Keys_that_may_not_be_narrowed_are_refused_with_the_words_that_mend_it()
    {
        sts.On("GetFederationToken", $"<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>{ServerAccount.Canary}</Message></Error></ErrorResponse>", 403);
        Assert.Contains("AWS refused sts:GetFederationToken to the ambient chain, by which a user's keys are narrowed for plans; allow it to the user, or name a role in `assume_role`.", await Refusal(Of()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_pinned_to_an_account_is_of_no_other()
    {
        Assert.Equal("AKIAIOSFODNN7AMBIENT", (await Issue(Of(pin: WireAws.Account, intent: CredentialIntent.ScanSource))).RevealAws().KeyId);
        Assert.Contains("another account than the 999988887777", await Refusal(Of(pin: "999988887777", intent: CredentialIntent.ScanSource)), StringComparison.Ordinal);
        sts.On("AssumeRole", Assumed("arn:aws:iam::123412341234:role/plan", DateTime.UtcNow.AddHours(1).ToString("O")));
        Assert.Contains("another account than the 111122223333", await Refusal(Of(new AssumedRole(Role, null, "mcp-infra", null), pin: "111122223333")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AccessDenied", 403, "its trust policy must allow that identity with this `external_id`")]
    [InlineData("ExpiredToken", 403, "the keys of the ambient chain have expired; sign in again or renew them")]
    [InlineData("InvalidClientTokenId", 403, "did not accept the keys of the ambient chain; renew them")]
    [InlineData("SignatureDoesNotMatch", 403, "did not accept the keys of the ambient chain; renew them")]
    [InlineData("PackedPolicyTooLarge", 400, "name a shorter one in `session_policy`")]
    [InlineData("MalformedPolicyDocument", 400, "correct the file that `session_policy` names")]
    [InlineData("RegionDisabledException", 403, "name another")]
    [InlineData("SomethingNew", 418, "answered HTTP 418")]
    public async Task A_refusal_says_what_mends_it_and_quotes_nobody(string code, int status, string words)
    {
        sts.On("AssumeRole", $"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{ServerAccount.Canary} said arn:aws:iam::1:user/someone</Message></Error></ErrorResponse>", status);
        Assert.Contains(words, await Refusal(Of(new AssumedRole(Role, "acme-1", "mcp-infra", null))), StringComparison.Ordinal);
        Assert.Equal(["credential issued", "credential not issued"], trail.Records.Select(record => record.Entry.Operation));
    }

    [Fact]
    public async Task A_refusal_of_10_MB_is_said_in_a_few_words()
    {
        sts.On("AssumeRole", $"<ErrorResponse><Error><Code>AccessDenied</Code><Message>{new string('x', 10 << 20)}</Message></Error></ErrorResponse>", 403);
        var issued = await Assert.ThrowsAsync<CredentialException>(() => Issue(Of(new AssumedRole(Role, null, "mcp-infra", null))));
        Assert.InRange(issued.Message.Length, 1, 500);
    }

    [Theory]
    [InlineData(5, "this machine's clock is 5 minutes behind the cloud's")]
    [InlineData(-5, "this machine's clock is 5 minutes ahead of the cloud's")]
    public async Task A_clock_five_minutes_off_is_recognised_and_said(int minutes, string words)
    {
        sts.On("AssumeRole", _ => new WireAnswer(
            "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>Signature expired</Message></Error></ErrorResponse>", 403, [("Date", DateTimeOffset.UtcNow.AddMinutes(minutes).ToString("R"))]));
        Assert.Contains(words, await Refusal(Of(new AssumedRole(Role, null, "mcp-infra", null))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_end_of_a_session_is_told_by_the_clock_of_who_issued_it()
    {
        var there = DateTimeOffset.UtcNow.AddMinutes(-5);
        sts.On("AssumeRole", _ => new WireAnswer(Assumed(Role, there.AddHours(1).UtcDateTime.ToString("O")), 200, [("Date", there.ToString("R"))]));
        Assert.InRange((await Issue(Of(new AssumedRole(Role, null, "mcp-infra", null)))).Expires!.Value - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(60.1));
    }

    [Fact]
    public async Task A_service_that_is_not_there_or_answers_garbage_is_said_to_be_so()
    {
        sts.On("AssumeRole", "<html>a captive portal</html>", 200);
        Assert.Contains("answered garbage", await Refusal(Of(new AssumedRole(Role, null, "mcp-infra", null))), StringComparison.Ordinal);
        await sts.DisposeAsync();
        Assert.Contains("AWS STS does not answer; check the network, `sts` and `region`", await Refusal(Of(new AssumedRole(Role, null, "mcp-infra", null))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_that_is_not_there_is_named_and_the_words_that_add_it()
    {
        Assert.Contains("There is no AWS profile gone on the server's account; add it with `aws configure --profile gone`", await Refusal(Of(profile: "gone")), StringComparison.Ordinal);
        account.Set("AWS_ACCESS_KEY_ID", null);
        try
        {
            Assert.Contains("There are no AWS credentials: set AWS_PROFILE", await Refusal(Of()), StringComparison.Ordinal);
        }
        finally
        {
            account.Set("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7AMBIENT");
        }
    }

    [Fact]
    public void Session_policies_fit_and_that_of_scans_allows_what_the_collector_asks_for_and_only_reads()
    {
        Assert.All(SessionPolicies.All.Values, policy => Assert.InRange(policy.Inline.Length, 10, SessionPolicy.MostCharacters));
        var allowed = JsonDocument.Parse(SessionPolicies.Scan.Inline).RootElement.GetProperty("Statement")[0].GetProperty("Action").EnumerateArray().Select(action => action.GetString()!).ToList();
        var asked = Directory.EnumerateFiles(Path.Combine(TestKit.Repository.Root, "src", "Graph", "Collectors", "Aws"), "*.cs")
            .SelectMany(file => Regex.Matches(File.ReadAllText(file), "\"(?:[^\"]* and )?([a-z0-9]+:[A-Z][A-Za-z]+)").Select(match => match.Groups[1].Value)).Distinct().ToList();
        Assert.InRange(asked.Count, 20, 100);
        Assert.Empty(asked.Except(allowed));
        Assert.All(allowed, action => Assert.Matches("^[a-z0-9]+:(Describe|List|Get|Select)[A-Za-z]+$", action));
        Assert.DoesNotContain(allowed, action => action.Contains('*', StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_callers_never_share_one()
    {
        sts.On("AssumeRole", _ => new WireAnswer(Assumed(Role, DateTime.UtcNow.AddHours(1).ToString("O"))));
        var credential = Of(new AssumedRole(Role, null, "mcp-infra", null));
        var cached = new CachedCredentials(new AuditedCredentials([.. ConfiguredCredential.All([credential], [new AwsIssuer(SessionPolicies.All, TimeProvider.System)])], trail, TimeProvider.System), TimeProvider.System);
        async Task<Credential> Ask(Caller caller) => await cached.For(caller, credential.Intent, credential.Target, Stop);
        var (one, other) = (Calls.Caller(), Calls.Caller(session: "session-2"));
        var first = await Ask(one);
        Assert.Same(first, await Ask(one));
        Assert.NotSame(first, await Ask(other));
        Assert.Equal(2, sts.Requests.Count);
        Assert.Equal(["session-1", "session-2"], trail.Records.Select(record => record.Entry.Session));
    }
}
