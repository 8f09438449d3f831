using System.Runtime.CompilerServices;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>Reads all accounts and regions that an aggregator of AWS Config gathers, from the one place where it is. What it could not gather itself is told of and stays.</summary>
internal sealed class ConfigAggregator(AwsSession session, SourceSettings source, string name)
{
    private const string Permission = "config:SelectAggregateResourceConfig and config:DescribeConfigurationAggregatorSourcesStatus";

    public async Task ReadAsync(SourceScan scan, CancellationToken stop)
    {
        using var scope = new AwsScope(session.Connection, session.Account, session.Regions[0], source.Environment, stop);
        var gathered = new List<(string Account, string Region, bool IsWhole)>();
        var listing = new ScopeListing(null, scope.Region, "config", "*", Permission, (_, stopping) => ItemsAsync(scope, gathered, stopping)) { IsWhole = false };
        if (await scan.ReadAsync(listing, stop).ConfigureAwait(false) is { } error)
        {
            await scan.FailAsync(null, null, listing.Service, listing.Type, AwsFailures.Explain(error, listing, session.Connection), stop).ConfigureAwait(false);
            return;
        }

        foreach (var account in gathered.GroupBy(one => one.Account))
        {
            if (account.All(one => one.IsWhole))
            {
                await scan.CompleteAsync(new Observation.Complete(account.Key, null, "*"), stop, isListing: true).ConfigureAwait(false); // Also what is of no region.
                continue;
            }

            foreach (var (_, region, isWhole) in account)
            {
                await (isWhole
                    ? scan.CompleteAsync(new Observation.Complete(account.Key, region, "*"), stop, isListing: true).AsTask()
                    : scan.FailAsync(account.Key, region, "config", "*", $"The aggregator {name} could not gather account {account.Key} in {region}; look at its sources in AWS Config.", stop)).ConfigureAwait(false);
            }
        }
    }

    private async IAsyncEnumerable<Observation> ItemsAsync(AwsScope scope, List<(string, string, bool)> gathered, [EnumeratorCancellation] CancellationToken stop)
    {
        var pages = Pages.ReadAsync(
            scope, token => scope.Signed.JsonAsync(AwsService.Config, "DescribeConfigurationAggregatorSourcesStatus", Asked(token), stop), page => page.Text("NextToken"), stop);
        await foreach (var one in pages.SelectMany(page => page.Items("AggregatedSourceStatusList")).ConfigureAwait(false))
        {
            if (one.Text("SourceType") is "ACCOUNT" && one.Text("SourceId") is { } account && one.Text("AwsRegion") is { } region)
            {
                gathered.Add((account, region, one.Text("LastUpdateStatus") is "SUCCEEDED"));
            }
        }

        if (gathered.Count == 0)
        {
            throw new AwsException(CloudFault.Stopped, "an aggregator that gathers no account");
        }

        var (relations, told) = (new ConfigRelations(new HashSet<string>()), new Told());
        await foreach (var item in ConfigItem.SelectAsync(scope, name, stop).ConfigureAwait(false))
        {
            relations.Note(item);
            if (told.Add(item.Id))
            {
                yield return scope.Placed(item.Resource);
            }
        }

        foreach (var relation in relations.All())
        {
            yield return relation;
        }
    }

    private object Asked(string? token) => token is null ? new { ConfigurationAggregatorName = name } : new { ConfigurationAggregatorName = name, NextToken = token };
}
