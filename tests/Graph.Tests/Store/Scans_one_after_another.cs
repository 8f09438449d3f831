using CsCheck;
using Dapper;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Queries;
using McpInfra.Graph.Tests.Snapshots;
using Xunit;

namespace McpInfra.Graph.Tests.Store;

public sealed class Scans_one_after_another
{
    [Fact]
    public Task Leave_what_the_last_one_told() => Gen.Select(RandomEstate.Scans, Gen.Int[0, 40], Gen.Int[0, 40]).SampleAsync(async (scans, gone, changed) =>
    {
        using var fixture = new GraphFixture();
        foreach (var scan in scans.Select(InAccounts).SelectMany(scan => new[] { scan, Without(scan, gone), Changed(scan, changed), scan }))
        {
            await fixture.ScanCloudAsync(scan, release: true);
            fixture.Clock.Now += TimeSpan.FromHours(1);
            var told = scan.OfType<Observation.Seen>().Select(seen => seen.Resource).ToList();
            Assert.Equal(told.Select(resource => (resource.Id, resource.Name)).Order(), fixture.Graph.Search(new SearchQuery { Limit = 100 }).Resources.Select(row => (row.Id, row.Name)).Order());
            Assert.All(told, resource => Assert.Equal(resource.Name, fixture.Graph.Describe(fixture.Graph.Resolve(resource.Id).Found!)!.Resource.Name));
            using var connection = fixture.Database.Read();
            var (related, stored, ids) = (
                scan.OfType<Observation.Related>().Select(one => (one.Relation.From, Vocabulary.Name(one.Relation.Type), one.Relation.To)).ToHashSet(),
                connection.Query<(string From, string, string To)>("SELECT from_key, type, to_key FROM graph_relation").ToList(), told.Select(resource => resource.Id).ToHashSet());
            Assert.Subset(stored.ToHashSet(), related);
            Assert.All(stored.Where(one => ids.Contains(one.From) && ids.Contains(one.To)), one => Assert.Contains(one, related)); // Others may be of an account that was not listed.
            Assert.Distinct(stored);
        }
    }, iter: 8);

    /// <summary>Everything in an account: a cloud that was listed whole is all its accounts.</summary>
    private static IReadOnlyList<Observation> InAccounts(IReadOnlyList<Observation> scan) =>
        [.. scan.Select(one => one is Observation.Seen(var resource) ? new Observation.Seen(resource with { Account = resource.Account ?? "account-0" }) : one)];

    /// <summary>Without one of its observations.</summary>
    private static IReadOnlyList<Observation> Without(IReadOnlyList<Observation> scan, int number) => [.. scan.Where((one, at) => at != number || one is Observation.Complete)];

    /// <summary>With another name of one of its resources.</summary>
    private static IReadOnlyList<Observation> Changed(IReadOnlyList<Observation> scan, int number) =>
        [.. scan.Select((one, at) => at == number && one is Observation.Seen(var resource) ? new Observation.Seen(resource with { Name = "another" }) : one)];
}
