using System.Runtime.CompilerServices;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>Reads all accounts and regions that an aggregator of AWS Config gathers, from the one place where it is. What it could not gather itself is told of and stays.</summary>
internal sealed class ConfigAggregator(AwsSession session, SourceSettings source, string name)
{
    private const string Permission = "config:SelectAggregateResourceConfig and config:DescribeConfigurationAggregatorSourcesStatus";

    private static readonly HashSet<string> None = [];

    public async Task ReadAsync(SourceScan scan, CancellationToken stop)
    {
        using var scope = new AwsScope(session.Connection, session.Account, session.Regions[0], source.Environment, stop);
        var gathered = new List<(string Account, string Region, bool IsWhole)>();
        if (!await ListAsync((_, stopping) => GatheredAsync(scope, gathered, stopping), null).ConfigureAwait(false) || !await ListAsync((place, stopping) => ItemsAsync(scope, place, stopping), session.Origin).ConfigureAwait(false))
        {
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

        async Task<bool> ListAsync(Func<Place, CancellationToken, IAsyncEnumerable<Observation>> read, Uri? origin)
        {
            var listing = new ScopeListing(session.Account, scope.Region, $"config aggregator {name}", "*", Permission, read) { IsWhole = false, Origin = origin };
            if (await scan.ReadAsync(listing, stop).ConfigureAwait(false) is not { } error)
            {
                return true;
            }

            await scan.FailAsync(null, null, listing.Service, listing.Type, AwsFailures.Explain(error, listing, session.Connection), stop).ConfigureAwait(false);
            return false;
        }
    }

    private async IAsyncEnumerable<Observation> GatheredAsync(AwsScope scope, List<(string, string, bool)> gathered, [EnumeratorCancellation] CancellationToken stop)
    {
        var pages = Pages.ReadAsync(
            scope, token => scope.Signed.JsonAsync(AwsService.Config, "DescribeConfigurationAggregatorSourcesStatus", Asked(token), stop), page => page.Text("NextToken"), stop);
        await foreach (var one in pages.SelectMany(page => AwsAnswer.List(page, "AggregatedSourceStatusList", "NextToken")).ConfigureAwait(false))
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

        yield break;
    }

    private async IAsyncEnumerable<Observation> ItemsAsync(AwsScope scope, Place place, [EnumeratorCancellation] CancellationToken stop)
    {
        var (relations, told) = (new ConfigRelations(None), new Told());
        await foreach (var item in ConfigItem.AllAsync(scope, name, place, stop).ConfigureAwait(false))
        {
            relations.Note(item);
            if (told.Add(item.Id))
            {
                yield return scope.Placed(item.Resource);
            }
        }

        relations = place.GoesOn ? await ConfigRelations.ReadAsync(scope, name, None, stop).ConfigureAwait(false) : relations;
        foreach (var relation in relations.All())
        {
            yield return relation;
        }
    }

    private object Asked(string? token) => token is null ? new { ConfigurationAggregatorName = name } : new { ConfigurationAggregatorName = name, NextToken = token };
}
