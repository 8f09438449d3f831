using System.Diagnostics;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Collectors.Aws;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.RealCloud;

/// <summary>What the collector says of an estate, against what terraform's state says of it.</summary>
[Collection(Estate.Name)]
public sealed class An_estate_in_moto(Estate estate)
{
    [Fact]
    public async Task Is_seen_whole_without_a_failure()
    {
        var seen = await ScanAsync();
        Assert.DoesNotContain(seen, o => o is Observation.Failed);
        var known = seen.OfType<Observation.Seen>().SelectMany(s => s.Resource.Aliases.Append(s.Resource.Id)).ToHashSet();
        var wanted = estate.Entries().Where(e => e.Type != "aws_eip").ToList();
        Assert.InRange(wanted.Count, 25, 1000);
        Assert.InRange(wanted.Select(e => e.Type).Distinct().Count(), 10, 100);
        Assert.DoesNotContain(wanted, w => !known.Contains(w.Id) && !(w.Arn is { } arn && known.Contains(arn)));
    }

    [Fact]
    public async Task Is_related_as_terraform_built_it()
    {
        var seen = await ScanAsync();
        var names = seen.OfType<Observation.Seen>().SelectMany(s => s.Resource.Aliases.Append(s.Resource.Id).Select(id => (id, s.Resource)))
            .ToLookup(p => p.id, p => $"{p.Resource.Type.Split(':')[^1]} {p.Resource.Name}");
        var related = seen.OfType<Observation.Related>().Select(r => $"{names[r.Relation.From].FirstOrDefault() ?? r.Relation.From} {r.Relation.Type} {names[r.Relation.To].FirstOrDefault() ?? r.Relation.To}").ToHashSet();
        Assert.Superset(
            new HashSet<string>(
            [
                "VPC payments Contains Subnet private-0", "VPC payments Contains SecurityGroup payments-web", "VPC payments Contains RouteTable " + estate.Entries().Single(e => e.Type == "aws_route_table").Id,
                "Subnet private-1 Hosts Instance web-1", "Instance web-0 SecuredBy SecurityGroup payments-web", "SecurityGroup payments-data Uses SecurityGroup payments-web",
                "Instance web-0 Uses InstanceProfile payments-web", "InstanceProfile payments-web Uses Role payments-web", "Role payments-web Uses ManagedPolicy payments-read",
                "Bucket payments-invoices EncryptedBy Key payments-data", "Bucket payments-exports EncryptedBy Key payments-data", "Queue payments-charges EncryptedBy Key payments-data",
                "Table payments-ledger EncryptedBy Key payments-data", "Function payments-charge Assumes Role payments-web", "Function payments-charge SecuredBy SecurityGroup payments-web",
                "Subnet private-0 Hosts Function payments-charge", "TargetGroup payments-web ConnectedTo Instance web-0",
            ]),
            related);
    }

    [Fact]
    public async Task Is_read_in_few_requests()
    {
        await ScanAsync();
        var before = estate.Requests;
        var clock = Stopwatch.StartNew();
        var seen = await ScanAsync();
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{seen.OfType<Observation.Seen>().Count()} resources, {seen.OfType<Observation.Related>().Count()} relations: {estate.Requests - before} requests in {clock.ElapsedMilliseconds} ms");
        Assert.InRange(estate.Requests - before, 1, 80);
    }

    private async Task<List<Observation>> ScanAsync()
    {
        await estate.ReadyAsync();
        var seen = new List<Observation>();
        await foreach (var observation in new AwsCollector(new AmbientKeys(TimeProvider.System), TimeProvider.System).CollectAsync(estate.Cloud, TestContext.Current.CancellationToken))
        {
            seen.Add(observation);
        }

        return seen;
    }
}
