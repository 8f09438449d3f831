using CsCheck;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Queries;
using Xunit;
using static McpInfra.Graph.Tests.GraphFixture;

namespace McpInfra.Graph.Tests.Queries;

public sealed class Search_finds : IAsyncLifetime
{
    private readonly GraphFixture fixture = new();

    public async ValueTask InitializeAsync() => await fixture.ScanCloudAsync(
    [
        .. Enumerable.Range(0, 30).Select(number => new Observation.Seen(Resource(
            $"arn:aws:s3:::acme-orders-{number}", "AWS::S3::Bucket", $"acme-orders-{number}", number % 2 == 0 ? "us-east-1" : "eu-west-1", ("Owner", number % 3 == 0 ? "Team-Ä" : "team-b"), ("Name", $"n%_{number}")))),
        new Observation.Seen(Resource("arn:aws:kms:us-east-1:1:key/1", "AWS::KMS::Key", "it's a \"key\"", tags: ("env", "Prod")) with { Aliases = ["alias/orders-key"] }),
    ]);

    public ValueTask DisposeAsync()
    {
        fixture.Dispose();
        return ValueTask.CompletedTask;
    }

    private IEnumerable<string> Names(SearchQuery query) => fixture.Graph.Search(query with { Limit = 100 }).Resources.Select(row => row.Name);

    [Theory]
    [InlineData("it's a \"k", 1)]
    [InlineData("ALIAS/orders", 1)]
    [InlineData("-KEY", 1)]
    [InlineData("env=prod", 1)]
    [InlineData("s3:::acme-orders-7", 1)]
    [InlineData("_7", 1)]
    [InlineData("%_7", 1)]
    [InlineData("team-ä", 10)]
    [InlineData("*", 0)]
    [InlineData("key\" OR \"acme", 0)]
    [InlineData("key NOT acme", 0)]
    [InlineData("   ", 31)]
    public void Any_part_of_what_a_resource_is_called(string text, int count) => Assert.Equal(count, Names(new SearchQuery { Text = text }).Count());

    [Fact]
    public void Just_what_a_plain_reading_of_the_text_would() => Gen.String[Gen.Char["acme-ord12:\"%'Ä"], 1, 6].Sample(text =>
    {
        var plain = Enumerable.Range(0, 30).Count(number =>
            new[] { $"acme-orders-{number}", $"arn:aws:s3:::acme-orders-{number}", $"Name=n%_{number}", $"Owner={(number % 3 == 0 ? "Team-Ä" : "team-b")}" }.Any(part => part.Contains(text, StringComparison.OrdinalIgnoreCase)))
            + (new[] { "it's a \"key\"", "arn:aws:kms:us-east-1:1:key/1", "alias/orders-key", "env=Prod" }.Any(part => part.Contains(text, StringComparison.OrdinalIgnoreCase)) ? 1 : 0);
        Assert.Equal(plain, Names(new SearchQuery { Text = text }).Count());
    }, iter: 300, threads: 1);

    [Fact]
    public void Every_word_when_nothing_has_the_whole()
    {
        var page = fixture.Graph.Search(new SearchQuery { Text = "team-ä orders-27" });
        Assert.Equal((1L, true), (page.Total, page.ByWords));
    }

    [Fact]
    public void By_every_filter()
    {
        Assert.Equal(15, Names(new SearchQuery { Type = "aws_s3_bucket", Region = "EU-WEST-1" }).Count());
        Assert.Equal(10, Names(new SearchQuery { Tag = "owner=TEAM-Ä" }).Count());
        Assert.Equal(30, Names(new SearchQuery { Tag = "OWNER" }).Count());
        Assert.Single(Names(new SearchQuery { Tag = "Name=n%_3" }));
        Assert.Single(Names(new SearchQuery { Environment = "prod", Provider = "AWS", Account = "123456789012", Managed = false, Findings = false }));
        Assert.Equal(31, Names(new SearchQuery { ChangedSince = fixture.Clock.Now }).Count());
        Assert.Empty(Names(new SearchQuery { ChangedSince = fixture.Clock.Now.AddSeconds(1) }));
        Assert.Empty(Names(new SearchQuery { Managed = true }));
    }

    [Fact]
    public void As_many_as_it_counts()
    {
        Assert.Equal([("AWS::S3::Bucket", 30L), ("AWS::KMS::Key", 1L)], fixture.Graph.Count(new SearchQuery(), "type").Counts.Select(count => (count.Value!, count.Count)));
        Assert.Equal([("team-b", 20L), ("Team-Ä", 10L), (null, 1L)], fixture.Graph.Count(new SearchQuery(), "tag:owner").Counts.Select(count => (count.Value, count.Count)));
        foreach (var by in new[] { "region", "account", "provider", "environment", "managed" })
        {
            Assert.Equal(31, fixture.Graph.Count(new SearchQuery(), by).Counts.Sum(count => count.Count));
        }
    }

    [Fact]
    public void The_same_on_pages_of_any_size() => Gen.Select(Gen.Int[1, 40], Gen.Int[0, 3].Select(at => new[] { null, "orders", "acme-orders-1", "a" }[at]), Gen.Bool.Select(bucket => bucket ? "AWS::S3::Bucket" : null)).Sample((size, text, type) =>
    {
        var query = new SearchQuery { Text = text, Type = type, Limit = size };
        var names = new List<string>();
        string? cursor = null;
        do
        {
            var page = fixture.Graph.Search(query with { Cursor = cursor });
            names.AddRange(page.Resources.Select(row => row.Name));
            cursor = page.Cursor;
        }
        while (cursor is not null);
        Assert.Equal(Names(query), names);
    }, iter: 40, threads: 1);

    [Fact]
    public void Completions_that_begin_so()
    {
        Assert.Equal(["acme-orders-2", "acme-orders-20", "acme-orders-21"], fixture.Graph.Complete("ACME-orders-2", 3));
        Assert.Equal(["alias/orders-key"], fixture.Graph.Complete("alias/", 5));
    }
}
