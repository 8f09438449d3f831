using McpInfra.Graph.Collectors;
using McpInfra.Graph.Queries;
using McpInfra.Graph.Tests.State;
using Xunit;
using static McpInfra.Graph.Tests.GraphFixture;

namespace McpInfra.Graph.Tests.Store;

public sealed class Two_sources_of_one_resource : IDisposable
{
    private const string Nat = "arn:aws:ec2:us-east-1:123456789012:natgateway/nat-0a1b2c3d4e5f60718";

    private readonly GraphFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    private static Observation.Seen InCloud(string name = "egress") =>
        new(Resource(Nat, "AWS::EC2::NatGateway", name, tags: ("team", "network")) with { Aliases = ["nat-0a1b2c3d4e5f60718"], Status = "available" });

    private static Observation.Complete Whole { get; } = new("123456789012", "us-east-1", "AWS::EC2::NatGateway");

    private static string InState() => StateText.Of(StateText.Resource("aws_nat_gateway", "out", """{"id":"nat-0a1b2c3d4e5f60718","subnet_id":"subnet-0a1b2c3d4e5f60718"}"""));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Are_one_whichever_comes_first(bool cloudFirst)
    {
        for (var turn = 0; turn < 2; turn++)
        {
            await (cloudFirst == (turn == 0) ? fixture.ScanCloudAsync([InCloud(), Whole]) : fixture.ScanStateAsync(InState()));
        }

        var row = Assert.Single(fixture.Graph.Search(new SearchQuery()).Resources);
        Assert.Equal((Nat, "egress", "available", "aws_nat_gateway.out", true, "network"), (row.Id, row.Name, row.Status, row.Address, row.IsManaged, row.Owner));
    }

    [Fact]
    public async Task Are_told_apart_from_what_nothing_manages()
    {
        await fixture.ScanCloudAsync([InCloud(), new Observation.Seen(Resource("arn:aws:sqs:us-east-1:123456789012:stray", "AWS::SQS::Queue", "stray"))]);
        await fixture.ScanStateAsync(InState());
        Assert.Equal(["stray"], fixture.Graph.Search(new SearchQuery { Managed = false }).Resources.Select(row => row.Name));
        Assert.Equal(["egress"], fixture.Graph.Search(new SearchQuery { Managed = true }).Resources.Select(row => row.Name));
    }

    [Fact]
    public async Task That_the_cloud_no_longer_has_is_gone_though_a_state_claims_it()
    {
        await fixture.ScanCloudAsync([InCloud(), Whole]);
        await fixture.ScanStateAsync(InState());
        await fixture.ScanCloudAsync([Whole]);
        var page = fixture.Graph.Search(new SearchQuery { Text = "egress" });
        Assert.Equal((0L, 1L), (page.Total, page.Gone));
        var row = fixture.Graph.Resolve(Nat).Found!;
        Assert.True(row is { GoneAt: not null, IsManaged: true });
        await fixture.ScanCloudAsync([InCloud(), Whole]);
        Assert.Null(fixture.Graph.Resolve(Nat).Found!.GoneAt);
    }

    [Fact]
    public async Task Change_when_the_cloud_does_and_the_past_can_be_read()
    {
        await fixture.ScanCloudAsync([InCloud(), Whole]);
        var before = fixture.Clock.Now;
        fixture.Clock.Now += TimeSpan.FromDays(1);
        await fixture.ScanStateAsync(InState());
        Assert.Empty(fixture.Graph.Search(new SearchQuery { ChangedSince = before.AddHours(1) }).Resources);
        fixture.Clock.Now += TimeSpan.FromDays(1);
        await fixture.ScanCloudAsync([InCloud("renamed"), Whole]);
        var row = Assert.Single(fixture.Graph.Search(new SearchQuery { ChangedSince = before.AddHours(1) }).Resources);
        Assert.Equal(("renamed", "egress"), (row.Name, fixture.Graph.Describe(row, before.AddHours(1))!.Resource.Name));
        Assert.Equal(["name"], fixture.Graph.Describe(row)!.Changes.Single().Fields);
    }

    [Fact]
    public async Task That_disagree_on_a_relation_follow_the_cloud()
    {
        const string one = "arn:aws:ec2:us-east-1:123456789012:instance/i-0a1b2c3d4e5f60718", other = "arn:aws:ec2:us-east-1:123456789012:instance/i-1a1b2c3d4e5f60718";
        const string group = "arn:aws:ec2:us-east-1:123456789012:security-group/sg-0a1b2c3d4e5f60718";
        List<Observation> cloud = [new Observation.Seen(Resource(one, "AWS::EC2::Instance")), new Observation.Seen(Resource(other, "AWS::EC2::Instance")), new Observation.Seen(Resource(group, "AWS::EC2::SecurityGroup"))];
        var (kept, dropped) = (new Observation.Related(new Relation(other, RelationType.SecuredBy, group)), new Observation.Related(new Relation(one, RelationType.SecuredBy, group)));
        await fixture.ScanCloudAsync([.. cloud, kept, dropped]);
        await fixture.ScanStateAsync(StateText.Of(StateText.Resource("aws_instance", "one", $$"""{"arn":"{{one}}","id":"i-0a1b2c3d4e5f60718","vpc_security_group_ids":["{{group}}"]}""")));
        Assert.Single(fixture.Graph.Describe(fixture.Graph.Resolve(one).Found!)!.Relations);
        await fixture.ScanCloudAsync([.. cloud, kept]);
        Assert.Empty(fixture.Graph.Describe(fixture.Graph.Resolve(one).Found!)!.Relations);
        Assert.Equal([other], fixture.Graph.Trace(fixture.Graph.Resolve(group).Found!, TraceDirection.Impact, 1).Steps.Select(step => step.Resource.Id));
        await fixture.ScanCloudAsync([.. cloud, kept, dropped]);
        Assert.Single(fixture.Graph.Describe(fixture.Graph.Resolve(one).Found!)!.Relations);
    }

    [Fact]
    public async Task Long_gone_are_let_go()
    {
        await fixture.ScanCloudAsync([InCloud(), Whole]);
        await fixture.ScanCloudAsync([Whole]);
        fixture.Clock.Now += TimeSpan.FromDays(399);
        await fixture.ScanCloudAsync([Whole]);
        Assert.NotNull(fixture.Graph.Resolve(Nat).Found);
        fixture.Clock.Now += TimeSpan.FromDays(2);
        await fixture.ScanCloudAsync([Whole]);
        Assert.Null(fixture.Graph.Resolve(Nat).Found);
        Assert.Empty(Snapshot.Of(fixture));
    }

    [Fact]
    public async Task Of_one_name_and_another_type_stay_two()
    {
        await fixture.ScanCloudAsync(
        [
            new Observation.Seen(Resource("arn:aws:s3:::orders", "AWS::S3::Bucket", "orders") with { Aliases = ["orders"] }),
            new Observation.Seen(Resource("arn:aws:iam::123456789012:role/orders", "AWS::IAM::Role", "orders") with { Aliases = ["orders"] }),
        ]);
        Assert.Equal(2, fixture.Graph.Resolve("orders").Candidates.Count);
    }

    [Fact]
    public async Task Of_two_organisations_never_meet()
    {
        await fixture.ScanCloudAsync([InCloud(), Whole]);
        var other = fixture.Graphs.For("other");
        Assert.Empty(other.Search(new SearchQuery { Text = "egress" }).Resources);
        Assert.Null(other.Resolve(Nat).Found);
        Assert.Empty(other.Resolve("egres").Nearest);
        Assert.Empty(other.Complete("e", 10));
        Assert.Empty(other.Count(new SearchQuery(), "type").Counts);
    }
}
