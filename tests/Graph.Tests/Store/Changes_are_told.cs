using System.Text.Json.Nodes;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Queries;
using Xunit;
using static McpInfra.Graph.Tests.GraphFixture;

namespace McpInfra.Graph.Tests.Store;

public sealed class Changes_are_told : IDisposable
{
    private static readonly Observation.Complete Scope = new("123456789012", "us-east-1", "AWS::EC2::VPC");
    private readonly GraphFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    private static Resource Vpc(int number, string owner = "ann", string cidr = "10.0.0.0/16") =>
        Resource($"arn:aws:ec2:us-east-1:123456789012:vpc/vpc-{number}", name: $"vpc-{number}", tags: ("owner", owner)) with { Configuration = new JsonObject { ["Cidr"] = cidr } };

    private static Observation Uses(int from, int to) => new Observation.Related(new Relation(Vpc(from).Id, RelationType.Uses, Vpc(to).Id));

    private async Task<DateTimeOffset> ScanAsync(params Observation[] seen)
    {
        fixture.Clock.Now += TimeSpan.FromHours(1);
        await fixture.ScanCloudAsync([.. seen, Scope]);
        return fixture.Clock.Now;
    }

    private static Observation Seen(Resource resource) => new Observation.Seen(resource);

    private ChangePage Since(DateTimeOffset time, ChangeQuery? query = null) => fixture.Graph.Changes((query ?? new ChangeQuery(time, fixture.Clock.Now + TimeSpan.FromDays(1))) with { Since = time });

    [Fact]
    public async Task What_appeared_changed_and_went_with_the_fields_and_their_values()
    {
        await ScanAsync(Seen(Vpc(1)), Seen(Vpc(2)));
        var second = await ScanAsync(Seen(Vpc(1, owner: "bob", cidr: "10.1.0.0/16")), Seen(Vpc(3)));
        var page = Since(second);
        Assert.Equal((1, 1, 1, 0), (page.Appeared, page.Changed, page.Gone, page.Relations));
        Assert.Equal([("gone", "vpc-2"), ("changed", "vpc-1"), ("appeared", "vpc-3")], page.Changes.Select(change => (change.What, change.Resource.Name)));
        Assert.Equal(
            [new ChangedValue("tags.owner", "ann", "bob"), new ChangedValue("configuration.Cidr", "10.0.0.0/16", "10.1.0.0/16")],
            page.Changes[1].Values);
    }

    [Fact]
    public async Task Relations_between_resources_that_stayed_and_no_others()
    {
        await ScanAsync(Seen(Vpc(1)), Seen(Vpc(2)), Uses(1, 2));
        var second = await ScanAsync(Seen(Vpc(1)), Seen(Vpc(2)), Seen(Vpc(3)), Uses(2, 1), Uses(3, 1));
        var page = Since(second);
        Assert.Equal((1, 0, 0, 2), (page.Appeared, page.Changed, page.Gone, page.Relations));
        Assert.Equal(
            [("appeared", "vpc-2", "vpc-1"), ("gone", "vpc-1", "vpc-2")],
            page.Changes.Where(change => change.Relation is RelationType.Uses).Select(change => (change.What, change.Resource.Name, change.Other!.Name)).Order());
        var third = await ScanAsync(Seen(Vpc(1)));
        Assert.Equal((0, 0, 2, 0), (Since(third).Appeared, Since(third).Changed, Since(third).Gone, Since(third).Relations));
    }

    [Fact]
    public async Task A_resource_as_it_was_at_any_time()
    {
        var first = await ScanAsync(Seen(Vpc(1)));
        var second = await ScanAsync(Seen(Vpc(1, owner: "bob")));
        var third = await ScanAsync();
        var row = fixture.Graph.Resolve(Vpc(1).Id).Found!;
        Assert.Equal("ann", fixture.Graph.Describe(row, first)!.Resource.Tags["owner"]);
        Assert.Equal("bob", fixture.Graph.Describe(row, second)!.Resource.Tags["owner"]);
        Assert.Null(fixture.Graph.Describe(row, third));
        Assert.Null(fixture.Graph.Describe(row, first - TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task A_page_after_another_each_once()
    {
        var start = fixture.Clock.Now;
        await ScanAsync([.. Enumerable.Range(0, 40).Select(number => Seen(Vpc(number)))]);
        await ScanAsync([.. Enumerable.Range(0, 40).Select(number => Seen(Vpc(number, owner: number % 2 == 0 ? "ann" : "bob")))]);
        var told = new List<string>();
        var place = 0L;
        do
        {
            var page = Since(start, new ChangeQuery(start, fixture.Clock.Now + TimeSpan.FromDays(1)) { Limit = 7, Place = place });
            Assert.Equal(60, page.Total);
            told.AddRange(page.Changes.Select(change => $"{change.What} {change.Resource.Id}"));
            place = page.Changes.Count > 0 ? page.Changes[^1].PlaceAfter : 0;
        }
        while (place > 0);
        Assert.Equal(60, told.Count);
        Assert.Equal(60, told.Distinct().Count());
    }

    [Fact]
    public async Task By_type_and_account_only_and_to_no_other_organisation()
    {
        var first = await ScanAsync(Seen(Vpc(1)), Seen(Resource("arn:aws:s3:::b", "AWS::S3::Bucket") with { Account = "999" }));
        var query = new ChangeQuery(first, first + TimeSpan.FromDays(1));
        Assert.Equal(2, Since(first).Total);
        Assert.Equal(1, Since(first, query with { Type = "aws_s3_bucket" }).Total);
        Assert.Equal(1, Since(first, query with { Account = "999" }).Total);
        Assert.Equal(0, Since(first, query with { Account = "999", Type = "AWS::EC2::VPC" }).Total);
        Assert.Equal(0, fixture.Graphs.For("other").Changes(query).Total);
    }

    [Fact]
    public async Task With_a_clock_that_went_backwards_nothing_is_lost()
    {
        await ScanAsync(Seen(Vpc(1)));
        fixture.Clock.Now -= TimeSpan.FromDays(3);
        var early = await ScanAsync(Seen(Vpc(1, owner: "bob")));
        Assert.Equal(("changed", "bob"), (Since(early).Changes.Single(change => change.What == "changed").What, fixture.Graph.Describe(fixture.Graph.Resolve(Vpc(1).Id).Found!)!.Resource.Tags["owner"]));
        fixture.Clock.Now += TimeSpan.FromDays(6);
        var late = await ScanAsync(Seen(Vpc(1, owner: "eve")));
        Assert.Equal([new ChangedValue("tags.owner", "bob", "eve")], Since(late).Changes.Single().Values);
    }
}
