using System.Text.Json;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Collectors.Aws;
using McpInfra.Graph.Tests.Rest;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Graph.Tests.Aws;

/// <summary>AWS Config on loopback, written from its public format: rows are JSON in texts, in pages; and the tags of what neither it nor a service tells.</summary>
[Collection(AwsCredentials.Name)]
public sealed class An_inventory_of_AWS_Config : IAsyncLifetime
{
    private const string At = $"arn:aws:ec2:us-east-1:{WireAws.Account}";
    private const string Denied = "<Response><Errors><Error><Code>UnauthorizedOperation</Code></Error></Errors></Response>";

    private readonly QuickTime time = new();
    private readonly List<string> rows =
    [
        Row("AWS::ECS::Cluster", $"arn:aws:ecs:us-east-1:{WireAws.Account}:cluster/shop", $"arn:aws:ecs:us-east-1:{WireAws.Account}:cluster/shop", "shop", """{"clusterName":"shop","status":"ACTIVE","runningTasksCount":3,"capacityProviders":["FARGATE"],"secretWord":"hunter2"}""", [], ("environment", "prod")),
        Row("AWS::EC2::VPC", $"{At}:vpc/vpc-0123456789abcdef0", "vpc-0123456789abcdef0", null, """{"state":"available"}""", [("Contains Subnet", "AWS::EC2::Subnet", "subnet-0123456789abcdef0"), ("Contains NetworkAcl", "AWS::EC2::NetworkAcl", "acl-0123456789abcdef0")]),
        Row("AWS::EC2::NetworkAcl", $"{At}:network-acl/acl-0123456789abcdef0", "acl-0123456789abcdef0", null, """{"isDefault":true}""", [("Is contained in Vpc", "AWS::EC2::VPC", "vpc-0123456789abcdef0"), ("Is attached to Subnet", "AWS::EC2::Subnet", "subnet-0123456789abcdef0")]),
        Row("AWS::Rockets::Pad", $"arn:aws:rockets:us-east-1:{WireAws.Account}:pad/apollo", "pad/apollo", "apollo", """{"isArmed":true,"phrase":"hunter2"}""", [("Is associated with Cluster", "AWS::ECS::Cluster", $"arn:aws:ecs:us-east-1:{WireAws.Account}:cluster/shop"), ("Is associated with Thing", "AWS::Rockets::Thing", "a name that is no id")]),
        Row("AWS::IAM::User", $"arn:aws:iam::{WireAws.Account}:user/pat", "AIDAJQABLZS4A3QDU576Q", "pat", "{}", [], region: "global"),
        Row("AWS::Config::ResourceCompliance", "", "AWS::EC2::VPC/vpc-0123456789abcdef0", null, "{}", []),
    ];

    private WireAws aws = null!;

    public async ValueTask InitializeAsync()
    {
        aws = await WireAws.StartAsync();
        aws.On("DescribeConfigurationRecorderStatus", """{"ConfigurationRecordersStatus":[{"name":"default","recording":true}]}""")
            .On("SelectResourceConfig", Page)
            .On("GetResources", $$"""{"ResourceTagMappingList":[{"ResourceARN":"arn:aws:ecs:us-east-1:{{WireAws.Account}}:cluster/shop","Tags":[]},{"ResourceARN":"arn:aws:sns:us-east-1:{{WireAws.Account}}:alerts","Tags":[{"Key":"team","Value":"pay"}]},{"ResourceARN":"arn:aws:odd:us-east-1:{{WireAws.Account}}:gadget/one","Tags":[{"Key":"Name","Value":"first"}]},{"ResourceARN":"{{At}}:instance/i-0gone","Tags":[]}]}""")
            .On("DescribeVpcs", "<DescribeVpcsResponse><vpcSet><item><vpcId>vpc-0123456789abcdef0</vpcId><cidrBlock>10.0.0.0/16</cidrBlock></item></vpcSet></DescribeVpcsResponse>")
            .On("DescribeSubnets", "<DescribeSubnetsResponse><subnetSet><item><subnetId>subnet-0123456789abcdef0</subnetId><vpcId>vpc-0123456789abcdef0</vpcId></item></subnetSet></DescribeSubnetsResponse>");
    }

    public async ValueTask DisposeAsync() => await aws.DisposeAsync();

    [Fact]
    public async Task Adds_every_type_that_no_service_told_and_then_what_only_tags_tell()
    {
        var seen = await ScanAsync();
        Assert.Empty(seen.Failures);
        Assert.Equal(
            ["AWS::EC2::NetworkAcl", "AWS::EC2::Subnet", "AWS::EC2::VPC", "AWS::ECS::Cluster", "AWS::IAM::User", "AWS::Rockets::Pad", "AWS::SNS::Topic", "odd:gadget"],
            seen.Resources.Select(resource => resource.Type).Order(StringComparer.Ordinal));
        var shop = seen["shop"];
        Assert.Equal(("aws", WireAws.Account, "us-east-1", "ACTIVE", "prod"), (shop.Provider, shop.Account, shop.Region, shop.Status, shop.Environment));
        Assert.Equal("""["FARGATE"]""", shop.Configuration["capacityProviders"]!.ToJsonString());
        Assert.Null(seen["pat"].Region);
        Assert.Equal(("pay", "AWS::SNS::Topic"), (seen["alerts"].Tags["team"], seen["alerts"].Type));
        Assert.Equal(3, aws.Requests.Count(request => request.Action == "SelectResourceConfig"));
    }

    [Fact]
    public async Task Makes_one_resource_of_what_a_service_tells_too_and_the_service_counts_first()
    {
        using var graph = new GraphFixture();
        await StoreAsync(graph);
        var vpc = Assert.Single(graph.Graph.Search(new() { Type = "AWS::EC2::VPC" }).Resources);
        Assert.Equal("10.0.0.0/16", graph.Graph.Describe(vpc)!.Resource.Configuration["CidrBlock"]!.GetValue<string>());
        Assert.Equal(["AWS::EC2::NetworkAcl", "AWS::EC2::Subnet"], graph.Graph.Describe(vpc)!.Relations.Select(relation => relation.Other.Type).Order());
    }

    [Fact]
    public async Task Tells_relations_in_the_one_vocabulary_and_each_once()
    {
        var seen = await ScanAsync();
        Assert.Equal(
            ["shop CONTAINS apollo", "subnet-0123456789abcdef0 SECURED_BY acl-0123456789abcdef0", "vpc-0123456789abcdef0 CONTAINS acl-0123456789abcdef0", "vpc-0123456789abcdef0 CONTAINS subnet-0123456789abcdef0"], seen.Relations);
    }

    [Fact]
    public async Task Stands_in_for_a_service_that_refuses()
    {
        aws.On("DescribeVpcs", Denied, 403);
        var seen = await ScanAsync();
        Assert.Empty(seen.Failures);
        var vpc = seen.Resources.Single(resource => resource.Type == "AWS::EC2::VPC");
        Assert.Equal(($"{At}:vpc/vpc-0123456789abcdef0", "available"), (vpc.Id, vpc.Status));
        aws.On("DescribeConfigurationRecorderStatus", """{"ConfigurationRecordersStatus":[]}""");
        Assert.Contains("allow ec2:DescribeVpcs", Assert.Single((await ScanAsync()).Failures).Message);
    }

    [Theory]
    [InlineData("SelectResourceConfig", """{"__type":"ThrottlingException"}""", 400, "throttled")]
    [InlineData("SelectResourceConfig", """{"Results":["[]"]}""", 200, "garbage")]
    [InlineData("SelectResourceConfig", """{"Results":["{\"resourceId\":1}"]}""", 200, "garbage")]
    [InlineData("DescribeConfigurationRecorderStatus", """{"__type":"AccessDeniedException"}""", 400, "allow config:DescribeConfigurationRecorderStatus")]
    [InlineData("DescribeConfigurationRecorderStatus", """{"ConfigurationRecordersStatus":[{"recording":false}]}""", 200, "recorder is stopped")]
    [InlineData("GetResources", """{"__type":"InternalServiceException"}""", 500, "failed on its side")]
    public async Task That_fails_half_way_removes_nothing(string action, string body, int status, string said)
    {
        using var graph = new GraphFixture();
        await StoreAsync(graph);
        var before = graph.Graph.Search(new() { Limit = 50 }).Total;
        aws.On(action, asked => action != "SelectResourceConfig" || asked.Body.Contains("NextToken", StringComparison.Ordinal) ? new WireAnswer(body, status) : Page(asked));
        var result = await StoreAsync(graph);
        Assert.Null(result.Failure);
        Assert.Contains(said, Assert.Single(result.Failures).Message);
        Assert.Equal(before, graph.Graph.Search(new() { Limit = 50 }).Total);
        Assert.Contains(graph.Graph.Freshness().Stale, stale => stale is { Type: "AWS::*", Region: "us-east-1" });
    }

    [Fact]
    public async Task That_was_cut_goes_on_at_its_last_page_and_tells_every_relation_all_the_same()
    {
        using var graph = new GraphFixture();
        aws.On("SelectResourceConfig", asked => asked.Body.Contains("\"NextToken\":\"4\"", StringComparison.Ordinal) ? new WireAnswer("", 503) : Page(asked));
        Assert.Equal("AWS::*", Assert.Single((await StoreAsync(graph)).Failures).Type);
        aws.On("SelectResourceConfig", Page);
        var before = aws.Requests.Count;
        Assert.Empty((await StoreAsync(graph)).Failures);
        Assert.Equal("4", Assert.Single(aws.Requests.Skip(before), asked => asked.Body.Contains("configuration", StringComparison.Ordinal) && asked.Action == "SelectResourceConfig").Body.Split("NextToken\":\"")[1][..1]);

        using var whole = new GraphFixture();
        await StoreAsync(whole);
        Assert.Equal(Told(whole), Told(graph));

        static List<string> Told(GraphFixture graph) => [.. graph.Graph.Search(new() { Limit = 50 }).Resources
            .SelectMany(row => graph.Graph.Describe(row)!.Relations.Select(relation => $"{row.Name} {relation.Type} {relation.Forward} {relation.Other.Name}").Prepend($"{row.Type} {row.Name} {row.Environment}")).Order(StringComparer.Ordinal)];
    }

    [Fact]
    public async Task Removes_what_it_no_longer_holds_also_the_last_of_a_type_and_what_is_of_no_region()
    {
        using var graph = new GraphFixture();
        await StoreAsync(graph);
        rows.RemoveAll(row => row.Contains("Rockets", StringComparison.Ordinal) || row.Contains("IAM::User", StringComparison.Ordinal));
        await StoreAsync(graph);
        Assert.DoesNotContain(graph.Graph.Search(new() { Limit = 50 }).Resources, resource => resource.Name is "apollo" or "pat");
    }

    [Fact]
    public async Task Lets_no_secret_into_the_store_and_writes_nothing_when_nothing_changed()
    {
        using var graph = new GraphFixture();
        await StoreAsync(graph);
        Assert.DoesNotContain("hunter2", System.Text.Encoding.UTF8.GetString(Snapshot.WholeFile(graph)));
        Snapshot.CountWrites(graph);
        await StoreAsync(graph);
        Assert.Empty(Snapshot.Writes(graph));
    }

    [Fact]
    public async Task Of_an_aggregator_tells_all_accounts_and_regions_from_one_place()
    {
        aws.On("DescribeConfigurationAggregatorSourcesStatus", """
            {"AggregatedSourceStatusList":[{"SourceId":"111122223333","SourceType":"ACCOUNT","AwsRegion":"us-east-1","LastUpdateStatus":"SUCCEEDED"},{"SourceId":"444455556666","SourceType":"ACCOUNT","AwsRegion":"eu-west-1","LastUpdateStatus":"FAILED"},
             {"SourceId":"444455556666","SourceType":"ACCOUNT","AwsRegion":"us-east-1","LastUpdateStatus":"SUCCEEDED"}]}
            """).On("SelectAggregateResourceConfig", asked => asked.Body.Contains("\"ConfigurationAggregatorName\":\"all\"", StringComparison.Ordinal)
                ? new WireAnswer(JsonSerializer.Serialize(new { Results = new[] { Row("AWS::EC2::VPC", "arn:aws:ec2:eu-west-1:444455556666:vpc/vpc-1", "vpc-1", null, "{}", [], account: "444455556666", region: "eu-west-1") } })) : new WireAnswer("{}", 400));
        var source = Source with { Accounts = [Source.Accounts[0] with { Aggregator = "all" }] };
        var seen = await Observed.ByAsync(Collector(), source, TestContext.Current.CancellationToken);
        Assert.Equal(("444455556666", "eu-west-1"), (Assert.Single(seen.Resources).Account, seen.Resources[0].Region));
        Assert.Equal([("111122223333", null), ("444455556666", "us-east-1")], seen.Complete.Select(complete => (complete.Account, complete.Region)).Order());
        var failed = Assert.Single(seen.Failures);
        Assert.Equal(("444455556666", "eu-west-1"), (failed.Account, failed.Region));
        Assert.DoesNotContain(aws.Requests, request => request.Service == "ec2");
    }

    // In pages of two.
    private WireAnswer Page(WireAws.Asked asked)
    {
        var from = JsonElement.Parse(asked.Body).TryGetProperty("NextToken", out var token) ? int.Parse(token.GetString()!, null) : 0;
        var page = new Dictionary<string, object> { ["Results"] = rows.Skip(from).Take(2).ToArray() };
        if (from + 2 < rows.Count)
        {
            page["NextToken"] = $"{from + 2}";
        }

        return new WireAnswer(JsonSerializer.Serialize(page));
    }

    private static string Row(
        string type, string arn, string id, string? name, string configuration, (string Words, string Type, string Id)[] relations, (string Key, string Value)? tag = null, string account = WireAws.Account, string region = "us-east-1") =>
        JsonSerializer.Serialize(new
        {
            resourceId = id, resourceName = name, resourceType = type, arn, accountId = account, awsRegion = region, tags = tag is { } one ? new[] { new { key = one.Key, value = one.Value, tag = $"{one.Key}={one.Value}" } } : [],
            relationships = relations.Select(relation => new { relationshipName = relation.Words, resourceType = relation.Type, resourceId = relation.Id }), configuration = JsonElement.Parse(configuration),
        });

    private SourceSettings Source => new("prod", "aws") { Accounts = [new("") { Regions = ["us-east-1"], Endpoint = aws.Endpoint }] };

    private AwsCollector Collector() => new(new AmbientKeys(time), time, new CollectorLimits { Pages = 20 });

    private Task<Observed> ScanAsync() => Observed.ByAsync(Collector(), Source, TestContext.Current.CancellationToken);

    private async Task<Graph.Scan.SourceResult> StoreAsync(GraphFixture graph) => Assert.Single((await graph.ScanAsync([Source], [Collector()], null)).Sources);
}
