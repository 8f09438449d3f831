using McpInfra.Graph.Collectors;
using McpInfra.Graph.Collectors.Aws;
using McpInfra.Graph.Tests.Rest;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Graph.Tests.Aws;

/// <summary>Several accounts under one source, by settings and by an organisation; each answers by the keys that ask.</summary>
[Collection(AwsCredentials.Name)]
public sealed class Accounts_of_AWS : IAsyncLifetime
{
    private const string Shop = "111122223333";
    private const string Labs = "444455556666";

    private readonly QuickTime time = new();
    private readonly List<string> members = [WireAws.Account, Shop, Labs];
    private WireAws aws = null!;

    public async ValueTask InitializeAsync()
    {
        aws = await WireAws.StartAsync();
        aws.On("AssumeRole", asked => new WireAnswer(Assumed(asked.Form!["RoleArn"]!.Split(':')[4])))
            .On("GetCallerIdentity", asked => new WireAnswer(WireAws.Query("GetCallerIdentity", $"<Account>{AccountOf(asked)}</Account>")))
            .On("ListAccounts", asked => asked.Body.Contains("NextToken", StringComparison.Ordinal) ? new WireAnswer(Listed(members.Skip(1), null)) : new WireAnswer(Listed(members.Take(1), "more")))
            .On("DescribeVpcs", asked => new WireAnswer($"<DescribeVpcsResponse><vpcSet><item><vpcId>vpc-{AccountOf(asked)}</vpcId></item></vpcSet></DescribeVpcsResponse>"));
    }

    public async ValueTask DisposeAsync() => await aws.DisposeAsync();

    [Fact]
    public async Task Of_an_organisation_are_each_read_with_a_role_of_their_own()
    {
        var seen = await ScanAsync(Organization());
        Assert.Empty(seen.Failures);
        Assert.Equal([Shop, WireAws.Account, Labs], seen.Resources.Where(resource => resource.Type == "AWS::EC2::VPC").Select(resource => resource.Account!).Order());
        Assert.Equal([$"arn:aws:ec2:us-east-1:{Shop}:vpc/vpc-{Shop}"], seen.Resources.Where(resource => resource.Name == $"vpc-{Shop}").Select(resource => resource.Id));
        var asked = aws.Requests.Where(request => request.Action == "AssumeRole").Select(request => request.Form!).ToList();
        Assert.Equal([$"arn:aws:iam::{Shop}:role/{AmbientKeys.Member}", $"arn:aws:iam::{Labs}:role/{AmbientKeys.Member}"], asked.Select(form => form["RoleArn"]!).Order());
        Assert.All(asked, form => Assert.Equal("acme", form["ExternalId"]));
        Assert.All(asked, form => Assert.Contains("tag:GetResources", form["Policy"]));
    }

    [Fact]
    public async Task Of_an_organisation_are_resources_themselves()
    {
        var shop = (await ScanAsync(Organization())).Resources.Single(resource => resource.Aliases.Contains(Shop));
        Assert.Equal(("AWS::Organizations::Account", "shop", "ACTIVE", null), (shop.Type, shop.Name, shop.Status, shop.Region));
        Assert.DoesNotContain("@", shop.Configuration.ToJsonString());
    }

    [Fact]
    public async Task That_are_excepted_or_suspended_are_not_read()
    {
        aws.On("ListAccounts", Listed([WireAws.Account, Shop], null).Replace("]}", $$""",{"Id":"{{Labs}}","Status":"SUSPENDED"}]}""", StringComparison.Ordinal));
        await ScanAsync(Organization(except: Shop));
        Assert.DoesNotContain(aws.Requests, request => request.Action == "AssumeRole");
    }

    [Theory]
    [InlineData("AssumeRole", 403, "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>", "its trust policy must allow that identity with this `external_id`")]
    [InlineData("AssumeRole", 200, "<html/>", "garbage")]
    public async Task Of_which_one_cannot_be_entered_leaves_the_others_and_removes_nothing(string action, int status, string body, string said)
    {
        using var graph = new GraphFixture();
        await StoreAsync(graph, Organization());
        aws.On(action, asked => asked.Form!["RoleArn"]!.Contains(Labs, StringComparison.Ordinal) ? new WireAnswer(body, status) : new WireAnswer(Assumed(Shop)));
        var result = await StoreAsync(graph, Organization());
        Assert.Null(result.Failure);
        var failed = Assert.Single(result.Failures);
        Assert.Equal((Labs, "*"), (failed.Account, failed.Type));
        Assert.Contains(said, failed.Message);
        Assert.Equal(3, graph.Graph.Search(new() { Type = "AWS::EC2::VPC" }).Total);
        Assert.Contains(graph.Graph.Freshness().Stale, stale => stale.Type == "*");
    }

    [Fact]
    public async Task Are_kept_when_the_organisation_does_not_tell_them_and_go_when_it_tells_that_they_left()
    {
        using var graph = new GraphFixture();
        await StoreAsync(graph, Organization());
        aws.On("ListAccounts", """{"__type":"AccessDeniedException"}""", 400);
        Assert.Contains("allow organizations:ListAccounts", Assert.Single((await StoreAsync(graph, Organization())).Failures).Message);
        Assert.Equal(3, graph.Graph.Search(new() { Type = "AWS::EC2::VPC" }).Total);
        aws.On("ListAccounts", Listed([WireAws.Account, Shop], null));
        Assert.Empty((await StoreAsync(graph, Organization())).Failures);
        Assert.Equal(2, graph.Graph.Search(new() { Type = "AWS::EC2::VPC" }).Total);
    }

    [Fact]
    public async Task Whose_id_is_none_become_part_of_no_role()
    {
        aws.On("ListAccounts", """{"Accounts":[{"Id":"1:role/x","Status":"ACTIVE"}]}""");
        var seen = await ScanAsync(Organization());
        Assert.Contains("garbage", Assert.Single(seen.Failures).Message);
        Assert.DoesNotContain(aws.Requests, request => request.Action == "AssumeRole");
    }

    [Fact]
    public async Task Of_settings_have_regions_and_an_endpoint_of_their_own()
    {
        await using var other = await WireAws.StartAsync();
        other.On("GetCallerIdentity", WireAws.Query("GetCallerIdentity", $"<Account>{Shop}</Account>"));
        var source = new SourceSettings("estate", "aws") { Accounts = [new("one") { Regions = ["us-east-1"], Endpoint = aws.Endpoint }, new("two") { Regions = ["eu-west-1"], Endpoint = other.Endpoint }] };
        var seen = await ScanAsync(source);
        Assert.Equal([Shop, WireAws.Account], seen.Complete.Select(complete => complete.Account).OfType<string>().Distinct().Order());
        Assert.All(aws.Requests, request => Assert.Equal("us-east-1", request.Region));
        Assert.All(other.Requests, request => Assert.Equal("eu-west-1", request.Region));
        await other.DisposeAsync();
        seen = await ScanAsync(source);
        Assert.Contains("no connection", Assert.Single(seen.Failures).Message);
        Assert.Contains(seen.Complete, complete => complete.Account == WireAws.Account);
    }

    private static string AccountOf(WireAws.Asked asked) => asked.Authorization.Split("Credential=ASIA") is [_, var key] ? key[..12] : WireAws.Account;

    private static string Assumed(string account) => WireAws.Query("AssumeRole", $"""
        <AssumedRoleUser><AssumedRoleId>AROA:mcp-infra</AssumedRoleId><Arn>arn:aws:sts::{account}:assumed-role/{AmbientKeys.Member}/mcp-infra</Arn></AssumedRoleUser>
        <Credentials><AccessKeyId>ASIA{account}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>{DateTime.UtcNow.AddHours(1):O}</Expiration></Credentials>
        """);

    private static string Listed(IEnumerable<string> accounts, string? next) =>
        $$"""{ {{(next is null ? "" : $"\"NextToken\":\"{next}\",")}}"Accounts":[{{string.Join(',', accounts.Select(id => $$"""{"Id":"{{id}}","Arn":"arn:aws:organizations::{{WireAws.Account}}:account/o-1/{{id}}","Name":"{{(id == Shop ? "shop" : "account")}}","Email":"a@example.com","Status":"ACTIVE","JoinedMethod":"CREATED"}"""))}}]}""";

    private SourceSettings Organization(params string[] except) => new("org", "aws") { Accounts = [new("") { Regions = ["us-east-1"], Endpoint = aws.Endpoint, MembersExcept = except }] };

    private AwsCollector Collector() => new(new AmbientKeys(time), time);

    private Task<Observed> ScanAsync(SourceSettings source) => Observed.ByAsync(Collector(), source, TestContext.Current.CancellationToken);

    private async Task<Graph.Scan.SourceResult> StoreAsync(GraphFixture graph, SourceSettings source) => Assert.Single((await graph.ScanAsync([source], [Collector()], null)).Sources);
}
