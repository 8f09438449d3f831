using System.Text;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Credentials;
using McpInfra.Guardrails.Redaction;
using McpInfra.Tools.Credentials;
using McpInfra.Tools.Git;
using McpInfra.Tools.Plans.Cloud;
using McpInfra.Tools.Plans.State;
using McpInfra.Tools.Sandbox.Egress;
using McpInfra.Tools.Tests.Sandbox;
using Xunit;

namespace McpInfra.Tools.Tests.Plans.Cloud;

public sealed class What_runs_get_of_clouds
{
    private const string Canary = "canary-of-the-real-credential";

    private static readonly StackSettings Stack = new("live/prod")
    {
        Credentials =
        [
            new(CredentialIntent.PlanStack, new AwsIdentity(null, null, "us-east-1"), "infra/live/prod"),
            new(CredentialIntent.PlanStack, new AzureIdentity(AzureCloud.Public, "acme.example", null), "infra/live/prod") { Account = "00000000-0000-0000-0000-000000000002" },
            new(CredentialIntent.PlanStack, new GoogleIdentity(null, null), "infra/live/prod") { Account = "acme-prod" },
            new(CredentialIntent.ReadState, new GoogleIdentity(null, null), "infra/live/prod"),
        ],
    };

    private static IReadOnlyList<CloudAccess> Open() => new Clouds(new Issuing(), TimeProvider.System).Open(Calls.Caller(), Stack, new RunSecrets(new SecretTokens(new byte[32]), SanitizedState.Empty));

    [Fact]
    public void A_gate_for_each_cloud_of_its_plans_and_dummies_of_their_own()
    {
        var (first, second) = (Open(), Open());
        Assert.Equal(3, first.Count);
        foreach (var name in (string[])["AWS_SECRET_ACCESS_KEY", "ARM_OIDC_TOKEN"])
        {
            Assert.NotEqual(first.Single(cloud => cloud.Environment.ContainsKey(name)).Environment[name], second.Single(cloud => cloud.Environment.ContainsKey(name)).Environment[name]);
        }

        Assert.Equal("acme-prod", first[2].Environment["GOOGLE_PROJECT"]);
        Assert.DoesNotContain(Canary, string.Join('\n', first.SelectMany(cloud => cloud.Environment.Values)), StringComparison.Ordinal);
        foreach (var host in (string[])["ec2.us-east-1.amazonaws.com", "management.azure.com", "a.vault.azure.net", "compute.googleapis.com", "secretmanager.googleapis.com"])
        {
            Assert.Single(first, cloud => cloud.Gate.Governs(new Endpoint(host, 443)));
        }
    }

    [Fact]
    public async Task Answers_come_in_without_what_is_a_secret()
    {
        var azure = Open()[1];
        var form = $"grant_type=client_credentials&client_assertion={azure.Environment["ARM_OIDC_TOKEN"]}";
        var token = Assert.IsType<GateDecision.Answer>(await azure.Gate.DecideAsync(BearerCloud.Request("login.microsoftonline.com:443", "POST", "/acme.example/oauth2/v2.0/token", body: form), Needs.Stop));
        var bearer = (string)System.Text.Json.Nodes.JsonNode.Parse(token.Reply.Body.Span)!["access_token"]!;
        var forward = Assert.IsType<GateDecision.Forward>(await azure.Gate.DecideAsync(
            BearerCloud.Request("management.azure.com:443", "GET", "/subscriptions/00000000-0000-0000-0000-000000000002/resourceGroups/r/providers/Microsoft.Compute/virtualMachines/v", bearer), Needs.Stop));
        var clean = Encoding.UTF8.GetString(forward.Request.Rewrite!("""{"name":"v","properties":{"osProfile":{"adminPassword":"hunter-two-and-more","computerName":"v"},"userData":"c2VjcmV0"}}"""u8.ToArray()));
        Assert.DoesNotContain("hunter-two-and-more", clean, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", clean, StringComparison.Ordinal);
        Assert.Contains("\"computerName\":\"v\"", clean, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_rests_on_the_credential_and_on_what_may_be_asked_with_it()
    {
        Assert.NotEqual(Clouds.Mark(Stack), Clouds.Mark(Stack with { Credentials = [Stack.Credentials[0]] }));
        Assert.NotEqual(Clouds.Mark(Stack), Clouds.Mark(Stack with { Credentials = [.. Stack.Credentials.Take(2), Stack.Credentials[2] with { Account = "other-project" }] }));
        Assert.Equal("none: no credential of ours", Clouds.Mark(Stack with { Credentials = [] }));
    }

    private sealed class Issuing : ICredentials
    {
        public ValueTask<Credential> For(Caller caller, CredentialIntent intent, Target target, CancellationToken stop) => new(new Credential(Canary, null));
    }
}
