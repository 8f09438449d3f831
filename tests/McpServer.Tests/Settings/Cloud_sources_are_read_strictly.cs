using McpInfra.Host.Settings;
using McpInfra.Tools.Credentials;
using Xunit;

namespace McpInfra.Host.Tests.Settings;

public sealed class Cloud_sources_are_read_strictly : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("cloud-sources-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Each_account_has_its_own_endpoint_and_credential()
    {
        var settings = Read("""
            sources:
              - name: azure
                kind: azure
                environment: prod
                accounts:
                  - { name: acme, subscriptions: [11111111-1111-1111-1111-111111111111], credentials: { scan: { azure: { tenant: acme.com, managed_identity: {} } } } }
                  - { name: gov, credentials: { scan: { azure: { cloud: usgovernment } } } }
            """);
        var source = Assert.Single(settings.Sources);
        Assert.Equal(["acme", "gov"], source.Accounts.Select(account => account.Name));
        Assert.Equal([null, "https://management.usgovcloudapi.net/"], source.Accounts.Select(account => account.Endpoint?.ToString()));
        Assert.Equal(["source azure/acme", "source azure/gov"], settings.SourceCredentials.Select(credential => credential.Owner));
        Assert.All(settings.SourceCredentials, credential => Assert.Equal(Cloud.Azure, credential.Cloud));
    }

    [Fact]
    public void Accounts_of_AWS_and_of_its_organisations_have_their_own_keys()
    {
        var settings = Read("""
            sources:
              - name: estate
                kind: aws
                accounts:
                  - { name: shop, regions: [eu-west-1], credentials: { scan: { aws: { assume_role: { role_arn: "arn:aws:iam::111122223333:role/scan" } } } } }
                  - { name: org, regions: [us-gov-west-1], organization: { role: team/scan, external_id: acme, except: ["444455556666"] }, credentials: { scan: { aws: { profile: root, region: us-gov-west-1 } } } }
                  - { name: all, regions: [us-east-1], aggregator: everything }
            """);
        var accounts = Assert.Single(settings.Sources).Accounts;
        Assert.Equal(["eu-west-1", "us-gov-west-1", "us-east-1"], accounts.SelectMany(account => account.Regions));
        Assert.Equal(["111122223333"], accounts[0].Scopes);
        Assert.Equal((null, "everything"), (accounts[0].MembersExcept, accounts[2].Aggregator));
        Assert.Equal(["444455556666"], accounts[1].MembersExcept);
        var organization = settings.SourceCredentials.Single(credential => credential.Owner == "source estate/org");
        var member = organization.In("777788889999")!;
        Assert.Equal(("source estate/org/777788889999", "777788889999", new AwsIdentity("root", new AssumedRole("arn:aws-us-gov:iam::777788889999:role/team/scan", "acme", "mcp-infra", null), "us-gov-west-1")), (member.Owner, member.Account!, member.Identity));
        Assert.Null(settings.SourceCredentials[0].In("777788889999"));
        Assert.NotEqual(organization.Mark(), (organization with { Identity = new AwsIdentity("root", null, "us-gov-west-1") }).Mark());
    }

    [Theory]
    [InlineData("kind: aws", "regions")]
    [InlineData("kind: aws, regions: [us-east-1], organization: {}", "role")]
    [InlineData("kind: aws, regions: [us-east-1], organization: { role: \"arn:aws:iam::1:role/x\" }", "a role's name")]
    [InlineData("kind: aws, regions: [us-east-1], organization: { role: x, except: [prod] }", "12 digits")]
    [InlineData("kind: aws, regions: [us-east-1], organization: { role: x, external_id: \"a b\" }", "2 to 1224")]
    [InlineData("kind: aws, regions: [us-east-1], organization: { role: x }, aggregator: y", "leave one of the two out")]
    [InlineData("kind: aws, regions: [us-east-1], aggregator: \"a/b\"", "name of an aggregator")]
    [InlineData("kind: aws, regions: [us-east-1], accounts: [ { name: a, regions: [us-east-1] } ]", "unknown key")]
    [InlineData("kind: azure, organization: { role: x }", "unknown key")]
    [InlineData("kind: azure, subscriptions: [prod]", "subscriptions")]
    [InlineData("kind: azure, subscriptions: []", "subscriptions")]
    [InlineData("kind: azure, endpoint: \"http://azure.example\"", "https address, or an http one on loopback")]
    [InlineData("kind: azure, endpoint: \"https://user:pass@azure.example\"", "without a user or password")]
    [InlineData("kind: azure, accounts: []", "names no account")]
    [InlineData("kind: azure, accounts: [ { name: a }, { name: a } ]", "a name twice")]
    [InlineData("kind: azure, accounts: [ { name: \"a/b\" } ]", "letters, digits")]
    [InlineData("kind: azure, accounts: [ { subscriptions: [11111111-1111-1111-1111-111111111111] } ]", "name")]
    [InlineData("kind: azure, accounts: [ { name: a } ], subscriptions: [11111111-1111-1111-1111-111111111111]", "unknown key")]
    [InlineData("kind: azure, credentials: { scan: { aws: {} } }", "unknown key")]
    [InlineData("kind: azure, regions: [westeurope]", "unknown key")]
    [InlineData("kind: google", "scopes")]
    [InlineData("kind: google, scopes: [everything]", "projects/ID")]
    [InlineData("kind: oci, regions: [\"evil.example/\"]", "names of regions")]
    [InlineData("kind: oci, regions: [us-ashburn-1], credentials: { scan: { oci: { profile: A, user: ocid1.user.oc1..a } } }", "two credentials")]
    [InlineData("kind: oci, regions: [us-ashburn-1], credentials: { scan: { oci: { user: ocid1.user.oc1..a } } }", "fingerprint")]
    [InlineData("kind: kubernetes, endpoint: \"https://c\"", "unknown key")]
    [InlineData("kind: kubernetes, credentials: { scan: { kubernetes: { kubeconfig: missing } } }", "names no file")]
    [InlineData("kind: kubernetes, credentials: { scan: { kubernetes: { context: a } } }", "belongs to a kubeconfig")]
    [InlineData("kind: kubernetes, credentials: { scan: { kubernetes: { kubeconfig: mcp-infra.yaml, allow_exec: [aws] } } }", "absolute paths")]
    public void A_misfit_is_a_fault_that_says_what_fits(string source, string said) =>
        Assert.Contains(said, Assert.Throws<SettingsException>(() => Read($"sources: [ {{ name: x, {source} }} ]")).Message, StringComparison.Ordinal);

    private Host.Settings.Settings Read(string yaml)
    {
        var file = Path.Combine(folder, "mcp-infra.yaml");
        File.WriteAllText(file, yaml);
        return SettingsReader.Read(file);
    }
}
