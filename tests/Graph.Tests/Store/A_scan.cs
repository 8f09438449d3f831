using CsCheck;
using Dapper;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Collectors.State;
using McpInfra.Graph.Queries;
using McpInfra.Graph.Scan;
using McpInfra.Graph.Tests.State;
using Xunit;
using static McpInfra.Graph.Tests.GraphFixture;

namespace McpInfra.Graph.Tests.Store;

public sealed class A_scan
{
    private static readonly string[] Types = ["AWS::EC2::VPC", "AWS::EC2::Subnet", "AWS::S3::Bucket"];
    private static readonly string[] Regions = ["us-east-1", "eu-west-1"];

    private static readonly Gen<Resource> Resources = Gen.Select(Gen.Int[0, 30], Gen.Int[0, 2], Gen.Int[0, 1], Gen.Int[0, 3]).Select((number, type, region, tag) =>
        Resource($"arn:aws:x:{Regions[region]}:123456789012:{type}/r-{number}", Types[type], $"name-{number}", Regions[region], ("env", $"e{tag}"), ("Name", $"name-{number}")) with { Aliases = [$"r-{type}-{region}-{number}"] });

    private static readonly Gen<List<Observation>> Clouds = Gen.Select(Resources.List[0, 25], Gen.Select(Gen.Int[0, 24], Gen.Int[0, 24]).List[0, 20]).Select((resources, pairs) =>
    {
        var unique = resources.DistinctBy(resource => resource.Id).ToList();
        var relations = pairs.Where(pair => pair.Item1 < unique.Count && pair.Item2 < unique.Count)
            .Select(pair => new Observation.Related(new Relation(unique[pair.Item1].Aliases[0], RelationType.Uses, unique[pair.Item2].Id)));
        return new List<Observation>([.. relations, .. unique.Select(resource => new Observation.Seen(resource))]);
    });

    private static IEnumerable<Observation> Complete() => from type in Types from region in Regions select new Observation.Complete("123456789012", region, type);

    [Fact]
    public Task Of_what_is_unchanged_writes_no_row() => Clouds.SampleAsync(async cloud =>
    {
        using var fixture = new GraphFixture();
        List<Observation> seen = [.. cloud, .. Complete()];
        await fixture.ScanCloudAsync(seen);
        Snapshot.CountWrites(fixture);
        fixture.Clock.Now += TimeSpan.FromHours(1);
        var result = await fixture.ScanCloudAsync([.. seen.Reverse<Observation>()]);
        Assert.Empty(Snapshot.Writes(fixture));
        Assert.Equal((0, 0, 0), (result.Sources[0].Added, result.Sources[0].Changed, result.Sources[0].Gone));
    }, iter: 8);

    [Fact]
    public Task Sweeps_exactly_the_scopes_that_were_complete() => Gen.Select(Clouds, Clouds, Gen.Bool.Array[Types.Length * Regions.Length]).SampleAsync(async (before, after, whole) =>
    {
        using var fixture = new GraphFixture();
        await fixture.ScanCloudAsync([.. before, .. Complete()]);
        var complete = Complete().Where((_, at) => whole[at]).Cast<Observation.Complete>().ToList();
        await fixture.ScanCloudAsync([.. after, .. complete], release: true);
        var now = Seen(after);
        var kept = Seen(before).Where(resource => !complete.Any(scope => scope.Type == resource.Type && scope.Region == resource.Region));
        Assert.Equal(
            now.Concat(kept).Select(resource => resource.Id).Distinct().Order(StringComparer.Ordinal),
            fixture.Graph.Search(new SearchQuery { Limit = 100 }).Resources.Select(row => row.Id).Order(StringComparer.Ordinal));
    }, iter: 10);

    [Fact]
    public Task Killed_after_any_batch_is_mended_by_the_next() => Gen.Select(Clouds, Clouds, Gen.Int[0, 40]).SampleAsync(async (before, after, cut) =>
    {
        using var straight = new GraphFixture();
        using var interrupted = new GraphFixture();
        await straight.ScanCloudAsync([.. after, .. Complete()]);
        await interrupted.ScanCloudAsync([.. before, .. Complete()]);
        await interrupted.ScanCloudAsync([.. after.Take(cut)], failure: "the cloud went away");
        await interrupted.ScanCloudAsync([.. after, .. Complete()], release: true);
        Assert.Equal(Shown(straight), Shown(interrupted));
    }, iter: 8);

    [Fact]
    public Task In_any_order_gives_the_same_graph() => Gen.Select(Clouds, Gen.Int[0, 1000]).SampleAsync(async (cloud, seed) =>
    {
        using var one = new GraphFixture();
        using var other = new GraphFixture();
        await one.ScanCloudAsync([.. cloud, .. Complete()]);
        var shuffled = cloud.ToArray();
        new Random(seed).Shuffle(shuffled);
        await other.ScanCloudAsync([.. shuffled, .. Complete()]);
        Assert.Equal(Shown(one), Shown(other));
    }, iter: 8);

    [Fact]
    public async Task Holds_a_listing_from_which_most_vanished_until_a_person_releases_it()
    {
        using var fixture = new GraphFixture();
        var all = Enumerable.Range(0, 50).Select(number => new Observation.Seen(Resource($"arn:aws:x:us-east-1:1:vpc/{number}"))).ToList();
        var scope = new Observation.Complete("123456789012", "us-east-1", "AWS::EC2::VPC");
        await fixture.ScanCloudAsync([.. all, scope]);
        var held = await fixture.ScanCloudAsync([all[0], scope]);
        Assert.Equal((50, 1, 1), (fixture.Graph.Search(new SearchQuery()).Total, held.Sources[0].Held.Count, fixture.Graph.Freshness().Stale.Count));
        await fixture.ScanCloudAsync([all[0], scope]);
        Assert.Equal(50, fixture.Graph.Search(new SearchQuery()).Total);
        await fixture.ScanCloudAsync([all[0], scope], release: true);
        Assert.Equal((1, 0), (fixture.Graph.Search(new SearchQuery()).Total, fixture.Graph.Freshness().Stale.Count));
    }

    [Fact]
    public async Task Holds_a_whole_source_from_which_most_vanished_a_little_in_each_scope()
    {
        using var fixture = new GraphFixture();
        var all = Enumerable.Range(0, 60).Select(number => Resource($"arn:aws:x:us-east-1:1:x/{number}", $"AWS::X::Type{number % 12}")).ToList();
        List<Observation> whole =
        [
            .. all.Select(resource => new Observation.Seen(resource)), new Observation.Related(new Relation(all[1].Id, RelationType.Uses, all[2].Id)), new Observation.Complete(null, null, "*"),
        ];
        await fixture.ScanCloudAsync(whole);
        var held = await fixture.ScanCloudAsync([whole[0], new Observation.Complete(null, null, "*")]);
        Assert.Equal((60, 12), (fixture.Graph.Search(new SearchQuery()).Total, held.Sources[0].Held.Count));
        Assert.Single(fixture.Graph.Describe(fixture.Graph.Resolve(all[1].Id).Found!)!.Relations);
        await fixture.ScanCloudAsync(whole);
        Assert.Empty(fixture.Graph.Freshness().Stale);
        await fixture.ScanCloudAsync([whole[0], new Observation.Complete(null, null, "*")], release: true);
        Assert.Equal(1, fixture.Graph.Search(new SearchQuery()).Total);
    }

    [Fact]
    public async Task Of_a_whole_cloud_sweeps_what_has_no_account_and_holds_it_when_most_vanished()
    {
        using var fixture = new GraphFixture();
        Resource[] all = [.. Enumerable.Range(0, 100).Select(number => Resource($"x:{number}", "apps/Deployment") with { Account = number < 50 ? null : "123456789012" })];
        Task<ScanResult> Scan(IEnumerable<Resource> seen) => fixture.ScanCloudAsync([.. seen.Select(resource => new Observation.Seen(resource)), new Observation.Complete(null, null, "*")]);
        await Scan(all);
        Assert.Equal(2, (await Scan(all.Where((_, at) => at is not (7 or 60)))).Sources[0].Gone);
        Assert.Null(fixture.Graph.Search(new SearchQuery { Text = "x:7", Limit = 100 }).Resources.FirstOrDefault(row => row.Id == "x:7"));
        var held = await Scan(all.Where((_, at) => at is 1 or (>= 50 and not 60)));
        Assert.Equal("48 of 49 apps/Deployment in all regions, of no account", Assert.Single(held.Sources[0].Held));
        Assert.Equal([new StaleScope("cloud", null, "apps/Deployment") { Account = StaleScope.NoAccount, Accounts = 1 }], fixture.Graph.Freshness().Stale);
        Assert.Equal(98, fixture.Graph.Search(new SearchQuery()).Total);
    }

    [Fact]
    public async Task Holds_a_state_from_which_most_vanished()
    {
        using var fixture = new GraphFixture();
        string State(int count) => StateText.Of([.. Enumerable.Range(0, count).Select(number => StateText.Resource("terraform_data", $"d{number}", $$"""{"id":"id-{{number}}"}"""))]);
        await fixture.ScanStateAsync(State(30));
        var held = await fixture.ScanStateAsync(State(2));
        Assert.Equal((30, "28 of 30 of everything in all regions"), (fixture.Graph.Search(new SearchQuery()).Total, Assert.Single(held.Sources[0].Held)));
        Assert.True(fixture.Graph.Resolve("terraform_data.d29").Found!.IsManaged);
    }

    [Fact]
    public async Task That_was_cut_short_hides_no_change_back_to_what_was()
    {
        using var fixture = new GraphFixture();
        List<Observation> Told(string version) =>
            [.. Enumerable.Range(0, 20).Select(number => new Observation.Seen(Resource($"arn:aws:x:us-east-1:1:x/{number}", tags: ("v", version)))), new Observation.Complete(null, null, "*")];
        await fixture.ScanCloudAsync(Told("1"));
        await fixture.ScanCloudAsync(Told("2"), failure: "the cloud went away");
        Assert.NotEqual(20, fixture.Graph.Search(new SearchQuery { Tag = "v=1" }).Total);
        await fixture.ScanCloudAsync(Told("1"));
        Assert.Equal(20, fixture.Graph.Search(new SearchQuery { Tag = "v=1" }).Total);
    }

    [Fact]
    public async Task After_the_source_was_forgotten_brings_everything_back()
    {
        using var fixture = new GraphFixture();
        List<Observation> told = [new Observation.Seen(Resource("arn:aws:x:us-east-1:1:x/1")), new Observation.Complete(null, null, "*")];
        await fixture.ScanCloudAsync(told);
        await new Scanner(fixture.Database, [], null, fixture.Clock).ForgetAllButAsync(Organization, [], CancellationToken.None);
        Assert.Equal(0, fixture.Graph.Search(new SearchQuery()).Total);
        await fixture.ScanCloudAsync(told);
        Assert.Equal(1, fixture.Graph.Search(new SearchQuery()).Total);
    }

    [Fact]
    public async Task Of_what_is_unchanged_is_as_fresh_as_its_time()
    {
        using var fixture = new GraphFixture();
        List<Observation> told = [new Observation.Seen(Resource("arn:aws:x:us-east-1:1:vpc/1")), new Observation.Complete("123456789012", "us-east-1", "AWS::EC2::VPC")];
        await fixture.ScanCloudAsync(told);
        fixture.Clock.Now += TimeSpan.FromHours(1);
        await fixture.ScanCloudAsync(told);
        Assert.Equal(fixture.Clock.Now, Assert.Single(fixture.Graph.Freshness().Sources).ScannedAt);
        Assert.Equal(fixture.Clock.Now.ToUnixTimeMilliseconds(), fixture.Database.Read(connection => connection.ExecuteScalar<long>("SELECT min(completed_at) FROM graph_scope")));
    }

    [Fact]
    public async Task Marks_what_failed_as_stale_until_it_is_read_again()
    {
        using var fixture = new GraphFixture();
        var vpc = new Observation.Seen(Resource("arn:aws:x:us-east-1:1:vpc/1"));
        await fixture.ScanCloudAsync([vpc, new Observation.Failed("us-east-1", "ec2", "AWS::EC2::VPC", "throttled")]);
        Assert.Equal([new StaleScope("cloud", "us-east-1", "AWS::EC2::VPC")], fixture.Graph.Freshness().Stale);
        await fixture.ScanCloudAsync([vpc, new Observation.Complete("123456789012", "us-east-1", "AWS::EC2::VPC")]);
        Assert.Empty(fixture.Graph.Freshness().Stale);
    }

    [Fact]
    public async Task Marks_the_accounts_that_failed_and_no_other()
    {
        using var fixture = new GraphFixture();
        Observation.Failed Failed(string account) => new("us-east-1", "ec2", "AWS::EC2::VPC", "throttled") { Account = account };
        await fixture.ScanCloudAsync([Failed("1"), new Observation.Complete("2", "us-east-1", "AWS::EC2::VPC")]);
        Assert.Equal([new StaleScope("cloud", "us-east-1", "AWS::EC2::VPC") { Account = "1", Accounts = 1 }], fixture.Graph.Freshness().Stale);
        await fixture.ScanCloudAsync([Failed("1"), Failed("2")]);
        Assert.Equal([new StaleScope("cloud", "us-east-1", "AWS::EC2::VPC") { Accounts = 2 }], fixture.Graph.Freshness().Stale);
    }

    [Fact]
    public async Task Keeps_the_relations_of_an_account_that_is_no_longer_shown_with_its_resources()
    {
        using var fixture = new GraphFixture();
        const string user = "arn:aws:x:us-east-1:2:vpc/user", used = "arn:aws:x:us-east-1:2:vpc/used";
        var near = new Observation.Seen(Resource("arn:aws:x:us-east-1:1:vpc/near"));
        var nearRead = new Observation.Complete("123456789012", "us-east-1", "AWS::EC2::VPC");
        Observation[] far =
        [
            new Observation.Seen(Resource(user) with { Account = "222222222222" }), new Observation.Seen(Resource(used) with { Account = "222222222222" }),
            new Observation.Related(new Relation(user, RelationType.Uses, used)), nearRead with { Account = "222222222222" },
        ];
        await fixture.ScanCloudAsync([near, nearRead, .. far]);
        await fixture.ScanCloudAsync([near, nearRead]);
        Assert.Equal(used, Assert.Single(fixture.Graph.Describe(fixture.Graph.Resolve(user).Found!)!.Relations).Other.Id);
        await fixture.ScanCloudAsync([near, nearRead, .. far.Where(one => one is not Observation.Related)]);
        Assert.Empty(fixture.Graph.Describe(fixture.Graph.Resolve(user).Found!)!.Relations);
    }

    [Fact]
    public async Task Of_one_source_that_cannot_be_read_keeps_the_others()
    {
        using var fixture = new GraphFixture();
        var result = await fixture.ScanAsync([new SourceSettings("gone", "terraform-state") { Path = Path.Combine(fixture.Folder, "none") }, new SourceSettings("odd", "pulumi")], [new StateCollector()], null);
        Assert.True(result.Failed);
        Assert.Equal(["There is no state file at", "No collector reads"], result.Sources.Select(source => string.Join(' ', source.Failure!.Split(' ').Take(source.Source == "gone" ? 6 : 3))));
    }

    [Fact]
    public async Task Forgets_sources_that_are_no_longer_configured()
    {
        using var fixture = new GraphFixture();
        await fixture.ScanCloudAsync([new Observation.Seen(Resource("arn:aws:x:us-east-1:1:vpc/1"))], "old");
        await fixture.ScanCloudAsync([new Observation.Seen(Resource("arn:aws:x:us-east-1:1:vpc/2"))], "new");
        await new Scanner(fixture.Database, [], null, fixture.Clock).ForgetAllButAsync(Organization, ["new"], CancellationToken.None);
        Assert.Equal(["arn:aws:x:us-east-1:1:vpc/2"], fixture.Graph.Search(new SearchQuery()).Resources.Select(row => row.Id));
    }

    [Fact]
    public async Task By_two_scanners_at_once_takes_turns()
    {
        using var fixture = new GraphFixture();
        var seen = Enumerable.Range(0, 40).Select(number => new Observation.Seen(Resource($"arn:aws:x:us-east-1:1:vpc/{number}"))).ToList<Observation>();
        var results = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => fixture.ScanCloudAsync(seen))));
        Assert.Equal(40, results.Sum(result => result.Sources[0].Added));
    }

    private static IEnumerable<Resource> Seen(IEnumerable<Observation> observations) => observations.OfType<Observation.Seen>().Select(seen => seen.Resource);

    private static string Shown(GraphFixture fixture) => string.Join('\n', fixture.Graph.Search(new SearchQuery { Limit = 100 }).Resources.Select(row =>
        $"{row.Id} {row.Name} {row.Environment} " + string.Join(' ', fixture.Graph.Describe(row)!.Relations.Select(relation => $"{relation.Type}{relation.Forward}{relation.Other.Id}"))));
}
