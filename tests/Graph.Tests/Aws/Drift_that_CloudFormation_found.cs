using McpInfra.Graph.Collectors.Aws;
using McpInfra.Graph.Drift;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Graph.Tests.Aws;

[Collection(AwsCredentials.Name)]
public sealed class Drift_that_CloudFormation_found : IAsyncLifetime
{
    private const string Stack = "arn:aws:cloudformation:us-east-1:123456789012:stack/shop/1";
    private const string Jobs = "arn:aws:sqs:us-east-1:123456789012:Jobs";

    private readonly GraphFixture fixture = new();
    private readonly QuickTime time = new();
    private WireAws aws = null!;

    public async ValueTask InitializeAsync()
    {
        aws = (await WireAws.StartAsync())
            .On("ListQueues", """{"QueueUrls":["https://sqs.us-east-1.amazonaws.com/123456789012/Jobs"]}""")
            .On("GetQueueAttributes", $$"""{"Attributes":{"DelaySeconds":"9","QueueArn":"{{Jobs}}" } }""");
        Stacks("MODIFIED");
    }

    public async ValueTask DisposeAsync()
    {
        fixture.Dispose();
        await aws.DisposeAsync();
    }

    [Fact]
    public async Task Is_told_of_the_resource_and_of_its_stack_property_by_property_from_every_page_and_gone_when_it_is_mended()
    {
        aws.On("DescribeStackResourceDrifts", asked => new WireAnswer(asked.Form!["NextToken"] is null
            ? Drifts("<NextToken>two</NextToken>", Modified("Jobs", ("/DelaySeconds", "0", "9"), ("/Tags/0/Value", "ann", "bob")))
            : Drifts("", "<member><LogicalResourceId>Old</LogicalResourceId><StackResourceDriftStatus>DELETED</StackResourceDriftStatus></member>")));
        await ScanAsync();
        Assert.Equal([new DriftedAttribute("DelaySeconds", "0", "9"), new DriftedAttribute("Tags/0/Value", "ann", "bob")], Of(Jobs).Drifted);
        Assert.Equal(["Jobs/DelaySeconds", "Jobs/Tags/0/Value", "Old/resource"], Of(Stack).Drifted.Select(one => one.Attribute));
        Assert.Equal(Stack, Assert.Single(fixture.Graph.Drifted(10).Resources).Resource.Id);
        Assert.Empty(fixture.Graphs.For("other").Drifted(10).Resources);
        Assert.DoesNotContain(aws.Requests, asked => asked.Action.StartsWith("Detect", StringComparison.Ordinal));

        Stacks("IN_SYNC");
        var asked = aws.Requests.Count(request => request.Action == "DescribeStackResourceDrifts");
        await ScanAsync();
        Assert.Empty(Of(Jobs).Drifted);
        Assert.Empty(fixture.Graph.Drifted(10).Resources);
        Assert.Equal(asked, aws.Requests.Count(request => request.Action == "DescribeStackResourceDrifts"));
    }

    [Theory]
    [InlineData("/Environment/Variables/PLAIN", "hunter2-was", "hunter2-is")]
    [InlineData("/MasterUserPassword", "hunter2-was", "hunter2-is")]
    [InlineData("/Value", "hunter2-was", "hunter2-is")]
    [InlineData("/Name", "AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLF")]
    [InlineData("/Tags/0", "{\"Key\":\"db_password\",\"Value\":\"hunter2-was\"}", "null")]
    [InlineData("/ContainerDefinitions/0", "{\"Environment\":[{\"Name\":\"X\",\"Value\":\"hunter2-was\"}]}", "null")]
    public async Task Is_told_without_a_value_that_may_be_secret(string path, string expected, string actual)
    {
        aws.On("DescribeStackResourceDrifts", Drifts("", Modified("Jobs", (path, expected, actual))));
        await ScanAsync();
        var drifted = Assert.Single(Of(Jobs).Drifted);
        Assert.Equal(path.Trim('/'), drifted.Attribute);
        Assert.DoesNotContain("hunter2", drifted.ToString() + fixture.Graph.Describe(fixture.Graph.Resolve(Stack).Found!)!.Resource.Configuration.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("AKIA", drifted.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_is_refused_leaves_the_stack_with_the_permission_that_is_wanting()
    {
        aws.On("DescribeStackResourceDrifts", "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>", 403);
        await ScanAsync();
        Assert.Equal("""["cloudformation:DescribeStackResourceDrifts"]""", fixture.Graph.Describe(fixture.Graph.Resolve(Stack).Found!)!.Resource.Configuration["NotRead"]!.ToJsonString());
    }

    private void Stacks(string status) => aws
        .On("ListStacks", WireAws.Query("ListStacks", $"<StackSummaries><member><StackId>{Stack}</StackId><StackName>shop</StackName><StackStatus>CREATE_COMPLETE</StackStatus></member></StackSummaries>"))
        .On("ListStackResources", WireAws.Query("ListStackResources", $"<StackResourceSummaries><member><LogicalResourceId>Jobs</LogicalResourceId><PhysicalResourceId>https://sqs.us-east-1.amazonaws.com/123456789012/Jobs</PhysicalResourceId><ResourceType>AWS::SQS::Queue</ResourceType><ResourceStatus>CREATE_COMPLETE</ResourceStatus><DriftInformation><StackResourceDriftStatus>{status}</StackResourceDriftStatus></DriftInformation></member></StackResourceSummaries>"));

    private static string Drifts(string next, params string[] members) => WireAws.Query("DescribeStackResourceDrifts", $"<StackResourceDrifts>{string.Concat(members)}</StackResourceDrifts>{next}");

    private static string Modified(string logical, params (string Path, string Expected, string Actual)[] differences) =>
        $"<member><LogicalResourceId>{logical}</LogicalResourceId><StackResourceDriftStatus>MODIFIED</StackResourceDriftStatus><PropertyDifferences>{string.Concat(differences.Select(one =>
            $"<member><PropertyPath>{one.Path}</PropertyPath><ExpectedValue>{one.Expected}</ExpectedValue><ActualValue>{one.Actual}</ActualValue><DifferenceType>NOT_EQUAL</DifferenceType></member>"))}</PropertyDifferences></member>";

    private ResourceDrift Of(string id) => fixture.Graph.Describe(fixture.Graph.Resolve(id).Found!)!.Drift!;

    private Task ScanAsync()
    {
        var accounts = new AccountSettings[] { new("") { Regions = ["us-east-1"], Endpoint = aws.Endpoint } };
        return fixture.ScanAsync([new SourceSettings("cloud", "aws") { Accounts = accounts }, new SourceSettings("stacks", "aws-cloudformation") { Accounts = accounts }], [.. AwsCollector.All(new AmbientKeys(time), time, null)], null);
    }
}
