using System.Text.Json.Nodes;
using Dapper;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Queries;
using McpInfra.Graph.Scan;
using Xunit;
using static McpInfra.Graph.Tests.GraphFixture;

namespace McpInfra.Graph.Tests.Store;

/// <summary>What clouds and tenants can make a scan read.</summary>
public sealed class Bad_input_is_kept : IDisposable
{
    private static readonly Observation.Complete Scope = new("123456789012", "us-east-1", "AWS::EC2::VPC");
    private readonly GraphFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    private static Observation.Seen Seen(Resource resource) => new(resource);

    private long Rows(string table)
    {
        using var connection = fixture.Database.Read();
        return connection.ExecuteScalar<long>($"SELECT count(*) FROM {table}");
    }

    [Theory]
    [InlineData("nul\0l")]
    [InlineData("half \ud83d surrogate")]
    [InlineData("'; DROP TABLE graph_resource; --")]
    [InlineData("%_\\\"'`$1@id:x{}")]
    [InlineData("bidi \u202e and \u0007 bell")]
    [InlineData("ünïcødé 資源 🙂")]
    [InlineData(" ")]
    public async Task An_id_of_odd_characters(string odd)
    {
        var resource = Resource($"arn:aws:x:::{odd}", name: odd, tags: (odd, odd));
        for (var scan = 0; scan < 2; scan++)
        {
            await fixture.ScanCloudAsync([Seen(resource), new Observation.Related(new Relation(resource.Id, RelationType.Uses, odd)), Scope]);
        }

        Assert.Equal((1, 1, 0), (Rows("graph_resource"), Rows("graph_relation"), Rows("graph_change")));
    }

    [Fact]
    public async Task Ids_of_two_kilobytes_that_differ_at_their_end_only()
    {
        var (one, other) = (new string('x', 2048) + "1", new string('é', 2048) + "2");
        var others = other[..^1] + "3";
        await fixture.ScanCloudAsync([Seen(Resource(one)), Seen(Resource(other, name: other, tags: (other, other))), Seen(Resource(others)), new Observation.Related(new Relation(one, RelationType.Uses, others)), Scope]);
        Assert.Equal(3, Rows("graph_resource"));
        Assert.Equal(others, Assert.Single(fixture.Graph.Describe(fixture.Graph.Resolve(one).Found!)!.Relations).Other.Id);
        Assert.Equal(other, fixture.Graph.Describe(fixture.Graph.Resolve(other).Found!)!.Resource.Name);
    }

    [Fact]
    public async Task Five_hundred_tags_and_five_megabytes_of_configuration()
    {
        var big = Resource("arn:aws:x:::big", tags: [.. Enumerable.Range(0, 500).Select(number => ($"key-{number}", $"value-{number}"))]) with
        {
            Configuration = new JsonObject { ["Text"] = new string('c', 5_000_000) },
        };
        await fixture.ScanCloudAsync([Seen(big), Scope]);
        var details = fixture.Graph.Describe(fixture.Graph.Resolve(big.Id).Found!)!;
        Assert.Equal((500, 5_000_000), (details.Resource.Tags.Count, details.Resource.Configuration["Text"]!.GetValue<string>().Length));
        Assert.Equal(1, fixture.Graph.Search(new SearchQuery { Tag = "key-499=value-499" }).Total);
    }

    [Fact]
    public async Task Two_resources_with_one_id_of_which_the_first_counts_scan_after_scan()
    {
        List<Observation> seen = [Seen(Resource("arn:aws:x:::same", name: "first")), Seen(Resource("arn:aws:x:::same", "AWS::S3::Bucket", name: "second")), Scope, new Observation.Complete("123456789012", "us-east-1", "AWS::S3::Bucket")];
        await fixture.ScanCloudAsync(seen);
        var again = await fixture.ScanCloudAsync(seen);
        Assert.Equal((1, 0, "first"), (Rows("graph_resource"), again.Sources[0].Changed, fixture.Graph.Resolve("arn:aws:x:::same").Found!.Name));
    }

    [Fact]
    public async Task A_relation_to_nothing_to_itself_and_round_in_a_circle()
    {
        var ids = Enumerable.Range(0, 3).Select(number => $"arn:aws:x:::{number}").ToList();
        await fixture.ScanCloudAsync(
        [
            .. ids.Select(id => Seen(Resource(id))),
            .. ids.Select((id, at) => new Observation.Related(new Relation(id, RelationType.Uses, ids[(at + 1) % 3]))),
            new Observation.Related(new Relation(ids[0], RelationType.Uses, ids[0])),
            new Observation.Related(new Relation(ids[0], RelationType.Uses, "nobody")),
            new Observation.Related(new Relation("nobody", RelationType.Uses, "none")),
            Scope,
        ]);
        var trace = fixture.Graph.Trace(fixture.Graph.Resolve(ids[0]).Found!, TraceDirection.Both, 6);
        Assert.Equal(ids[1..], trace.Steps.Select(step => step.Resource.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_unknown_type()
    {
        await fixture.ScanCloudAsync([Seen(Resource("x-1", "Acme::Never/Heard.Of")), new Observation.Complete(null, null, "Acme::Never/Heard.Of")]);
        Assert.Equal("Acme::Never/Heard.Of", fixture.Graph.Search(new SearchQuery { Type = "acme::never/heard.of" }).Resources.Single().Type);
    }

    [Fact]
    public async Task Of_two_scans_at_once_neither_loses_what_the_other_saw()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(number => Task.Run(() => fixture.ScanCloudAsync(
            [.. Enumerable.Range(0, 50).Select(one => Seen(Resource($"arn:aws:x:::{number}-{one}"))), Scope], source: $"cloud-{number}"))));
        Assert.Equal(200, fixture.Graph.Search(new SearchQuery { Limit = 1 }).Total);
    }

    [Fact]
    public async Task A_service_that_fails_half_way_removes_nothing()
    {
        List<Observation> all = [.. Enumerable.Range(0, 5).Select(number => Seen(Resource($"arn:aws:x:::{number}"))), Scope];
        await fixture.ScanCloudAsync(all);
        await fixture.ScanCloudAsync([all[0], new Observation.Failed("us-east-1", "ec2", "AWS::EC2::VPC", "throttled on page 2")]);
        Assert.Equal(5, fixture.Graph.Search(new SearchQuery()).Total);
        Assert.Single(fixture.Graph.Freshness().Stale);
        await fixture.ScanCloudAsync([all[0]], failure: "the account cannot be read");
        Assert.Equal(5, fixture.Graph.Search(new SearchQuery()).Total);
    }

    [Fact]
    public async Task A_scan_that_ends_at_any_observation_leaves_what_was_and_the_next_mends_it()
    {
        List<Observation> before = [.. Enumerable.Range(0, 6).Select(number => Seen(Resource($"arn:aws:x:::{number}", tags: ("v", "1")))), Scope];
        List<Observation> after = [.. Enumerable.Range(3, 6).Select(number => Seen(Resource($"arn:aws:x:::{number}", tags: ("v", "2")))), new Observation.Related(new Relation("arn:aws:x:::3", RelationType.Uses, "arn:aws:x:::8")), Scope];
        await fixture.ScanCloudAsync(before);
        for (var cut = 0; cut <= after.Count; cut++)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() =>
                new Scanner(fixture.Database, [new CutShort(after, cut)], null, fixture.Clock) { Batch = 1, AtOnce = 1 }.ScanAsync(Organization, [new SourceSettings("cloud", "cut")], null, TestContext.Current.CancellationToken));
            Assert.True(fixture.Graph.Search(new SearchQuery()).Total >= 6);
        }

        await fixture.ScanCloudAsync(after);
        Assert.Equal(after.OfType<Observation.Seen>().Select(seen => seen.Resource.Id), fixture.Graph.Search(new SearchQuery()).Resources.Select(row => row.Id).Order(StringComparer.Ordinal));
        Assert.Equal(1, Rows("graph_relation"));
    }

    /// <summary>A collector whose process dies at an observation, as far as one that goes on can show it.</summary>
    private sealed class CutShort(List<Observation> observations, int cut) : ICollector
    {
        public string Kind => "cut";

        public async IAsyncEnumerable<Observation> CollectAsync(SourceSettings source, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
        {
            await Task.CompletedTask;
            foreach (var observation in observations.Take(cut))
            {
                yield return observation;
            }

            throw new InvalidOperationException("killed");
        }
    }
}
