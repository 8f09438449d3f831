using McpInfra.Guardrails.Credentials;
using McpInfra.Host.Settings;
using McpInfra.Tools.Credentials;
using Xunit;

namespace McpInfra.Host.Tests.Settings;

public sealed class Credentials_are_read_strictly : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mcp-infra-credentials-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private Host.Settings.Settings Read(string text) => SettingsReader.Read(Write("mcp-infra.yaml", text));

    private string[] Faults(string text) => Assert.Throws<SettingsException>(() => Read(text)).Message.Split('\n')[1..];

    private static string Stack(string credentials, string more = "") => $"""
        repositories:
          - name: infra
            url: ./infra
            stacks:
              - path: live/prod
                {more}
                credentials:
        {string.Join('\n', credentials.Split('\n').Select(line => "          " + line))}
        """;

    [Fact]
    public void A_source_that_says_nothing_is_read_with_the_ambient_chain_also_at_its_own_endpoint()
    {
        var credential = Assert.Single(Read("""sources: [ { name: prod, kind: aws, regions: [us-east-1], endpoint: "http://127.0.0.1:5555" } ]""").Credentials);
        Assert.Equal(
            (CredentialIntent.ScanSource, "AWS ambient chain", "source prod#aws", "http://127.0.0.1:5555/"),
            (credential.Intent, credential.Identity.Description, credential.Target.Id, credential.TokenService!.ToString()));
    }

    [Fact]
    public void A_role_pins_its_account_and_names_what_its_trust_policy_asks_for()
    {
        Write("policy.json", """{ "Version": "2012-10-17", "Statement": [] }""");
        var settings = Read(Stack("""
            plan:
              aws:
                assume_role: { role_arn: "arn:aws-us-gov:iam::111122223333:role/team/plan", external_id: acme-1, session_policy: policy.json }
                profile: base
                sts: https://sts.internal
                endpoints: ["awsmoto:5000"]
            """));
        var (plan, state) = (settings.Credentials[0], settings.Credentials[1]);
        var identity = Assert.IsType<AwsIdentity>(plan.Identity);
        Assert.Equal(("111122223333", "us-gov-west-1", "base", "acme-1", "mcp-infra"), (plan.Account!, identity.Region, identity.Profile!, identity.Role!.ExternalId!, identity.Role.SessionName));
        Assert.Equal("infra/live/prod#aws", plan.Target.Id);
        Assert.Equal(["awsmoto:5000"], plan.Endpoints);
        Assert.Equal((CredentialIntent.PlanStack, CredentialIntent.ReadState), (plan.Intent, state.Intent));
        Assert.Equal(plan.Identity, state.Identity);
        Assert.Contains(Path.Combine(folder, "policy.json"), TrustedFiles.FilesOf(settings.File!));
    }

    [Fact]
    public void A_stack_may_have_one_of_each_cloud_and_another_for_its_state()
    {
        Write("pool.json", "{}");
        var settings = Read(Stack("""
            plan:
              aws: {}
              azure:
                subscription: 00000000-0000-0000-0000-00000000000A
                tenant: acme.example
                workload_identity: { client_id: 00000000-0000-0000-0000-000000000001, token_file: /run/token }
              google: { project: acme-prod, workload_identity: pool.json, impersonate_service_account: plan@acme-prod.iam.gserviceaccount.com }
            state:
              azure: { managed_identity: {} }
            """));
        Assert.Equal(
            ["AWS ambient chain", "Azure workload identity 00000000-0000-0000-0000-000000000001 of tenant acme.example", "Google service account plan@acme-prod.iam.gserviceaccount.com by workload identity federation", "Azure managed identity"],
            settings.Credentials.Select(credential => credential.Identity.Description));
        Assert.Equal(["00000000-0000-0000-0000-00000000000a", "acme-prod"], settings.Credentials.Select(credential => credential.Account).OfType<string>());
    }

    [Fact]
    public void Every_mistake_is_a_fault_with_its_line()
    {
        var faults = Faults(Stack("""
            plan:
              aws:
                account: "444455556666"
                assume_role: { role_arn: "arn:aws:iam::111122223333:role/plan", external_id: "a b", duration: 43200 }
                secret_key: oops
              azure:
                client_secret: { client_id: me }
                managed_identity: {}
              google: { project: Acme, iam_credentials: "http://tokens.example" }
            apply:
              aws: {}
            """));
        string[] expected =
        [
            ":10: repositories[0].stacks[0].credentials.plan.aws.account is not the account of assume_role.role_arn",
            ":11: repositories[0].stacks[0].credentials.plan.aws.assume_role.external_id must be",
            ":11: unknown key repositories[0].stacks[0].credentials.plan.aws.assume_role.duration",
            ":12: unknown key repositories[0].stacks[0].credentials.plan.aws.secret_key",
            ":14: repositories[0].stacks[0].credentials.plan.azure.client_secret.client_id must be an application's id",
            ":14: repositories[0].stacks[0].credentials.plan.azure.client_secret.file is missing",
            ":14: repositories[0].stacks[0].credentials.plan.azure.tenant is missing; plans are pinned",
            ":15: repositories[0].stacks[0].credentials.plan.azure.managed_identity is a second proof",
            ":16: repositories[0].stacks[0].credentials.plan.google.project must be a project's id",
            ":16: repositories[0].stacks[0].credentials.plan.google.iam_credentials must be an https address",
            ":17: unknown key repositories[0].stacks[0].credentials.apply; allowed are plan, state",
        ];
        Assert.All(expected, fault => Assert.Contains(faults, line => line.Contains(fault, StringComparison.Ordinal)));
        Assert.Equal(expected.Length, faults.Length);
    }

    [Theory]
    [InlineData("plan:", "names no cloud; write plan: { aws: {} } for the ambient chain")]
    [InlineData("plan: {}", "names no cloud; write plan: { aws: {} } for the ambient chain")]
    [InlineData("plan:\n  aws:", "credentials.plan.aws is empty; write {} for the ambient chain")]
    [InlineData("{}", "credentials names no intent; write plan or state")]
    [InlineData("plan:\n  azure:\n    client_secret: { client_id: 00000000-0000-0000-0000-000000000001, file: s }", "client_secret wants the tenant beside it")]
    [InlineData("plan:\n  azure:\n    tenant: t.example\n    workload_identity: { client_id: 00000000-0000-0000-0000-000000000001 }", "token_file is missing, and so is token_env")]
    [InlineData("plan:\n  aws: { assume_role: { role_arn: \"arn:aws:iam::111122223333:role/p\", session_policy: gone.json } }", "session_policy names no file that can be read")]
    [InlineData("plan:\n  aws: { assume_role: { role_arn: \"arn:aws:iam::111122223333:user/p\" } }", "role_arn must be a role's ARN")]
    public void What_would_quietly_be_another_identity_is_a_fault(string credentials, string fault) =>
        Assert.Contains(fault, string.Join('\n', Faults(Stack(credentials))), StringComparison.Ordinal);

    [Fact]
    public void An_endpoint_belongs_to_one_credential_or_to_none()
    {
        var faults = Faults(Stack("plan:\n  aws: { endpoints: [\"awsmoto:5000\"] }", """egress: ["AWSMOTO:5000"]"""));
        Assert.Contains("credentials has an endpoint that is in `egress`", Assert.Single(faults), StringComparison.Ordinal);
    }
}
