using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>
/// What of an account its listings do not tell: all types that AWS Config knows, with their relations, where it is on; then what only a tag tells.
/// A listing's word of its type counts first, for it is of now; of a type that a service refused Config's counts.
/// </summary>
internal sealed class Inventory(AwsSession session, IReadOnlyList<Listing> listings, Told told, Refusals refused)
{
    private const string ConfigPermission = "config:DescribeConfigurationRecorderStatus and config:SelectResourceConfig";

    private readonly ConcurrentDictionary<string, bool> whole = new();

    public async Task ReadAsync(IReadOnlyList<AwsScope> scopes, SourceScan scan, ParallelOptions side)
    {
        await Parallel.ForEachAsync(scopes, side, (scope, stop) => ReadAsync(scope, scan, stop)).ConfigureAwait(false);
        var settled = refused.Settle([.. whole.Where(region => region.Value).Select(region => region.Key)], all: whole.Count == scopes.Count && whole.Values.All(on => on));
        if (whole.Count == scopes.Count)
        {
            // What is of no region.
            await scan.CompleteAsync(new Observation.Complete(session.Account, null, "*") { Except = [.. listings.Select(listing => listing.Type).Except(settled)] }, side.CancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask ReadAsync(AwsScope scope, SourceScan scan, CancellationToken stop)
    {
        var on = false;
        var mine = listings.Select(listing => listing.Type).Except(refused.In(scope.Region)).ToHashSet();
        var config = await ListAsync("config", ConfigPermission, (_, stopping) => RecordingAsync(scope, found => on = found, stopping), null).ConfigureAwait(false)
            && (!on || await ListAsync("config", ConfigPermission, (place, stopping) => ConfigAsync(scope, mine, place, stopping), session.Origin).ConfigureAwait(false));
        var tagged = await ListAsync("tagging", "tag:GetResources", (_, stopping) => TaggedAsync(scope, on ? mine : [.. listings.Select(listing => listing.Type)], stopping), null).ConfigureAwait(false);
        if (config && tagged)
        {
            whole[scope.Region] = on;
            await scan.CompleteAsync(new Observation.Complete(scope.Account, scope.Region, "*") { Except = on ? [.. mine] : [.. listings.Select(listing => listing.Type)] }, stop, isListing: on).ConfigureAwait(false);
        }

        async Task<bool> ListAsync(string service, string permission, Func<Place, CancellationToken, IAsyncEnumerable<Observation>> read, Uri? origin)
        {
            var listing = new ScopeListing(scope.Account, scope.Region, service, "AWS::*", permission, read) { IsWhole = false, Origin = origin };
            if (await scan.ReadAsync(listing, stop).ConfigureAwait(false) is not { } error)
            {
                return true;
            }

            await scan.FailAsync(listing, AwsFailures.Explain(error, listing, session.Connection), stop).ConfigureAwait(false);
            return false;
        }
    }

    private static async IAsyncEnumerable<Observation> RecordingAsync(AwsScope scope, Action<bool> found, [EnumeratorCancellation] CancellationToken stop)
    {
        var recorders = await scope.Signed.JsonAsync(AwsService.Config, "DescribeConfigurationRecorderStatus", new { }, stop).ConfigureAwait(false);
        var recording = AwsAnswer.List(recorders, "ConfigurationRecordersStatus", "NextToken").Select(recorder => recorder.Child("recording")?.ValueKind is System.Text.Json.JsonValueKind.True).ToList();
        found(recording.Count == 0 ? false : recording.Contains(true) ? true : throw new AwsException(CloudFault.Stopped, "its recorder is stopped"));
        yield break;
    }

    private async IAsyncEnumerable<Observation> ConfigAsync(AwsScope scope, IReadOnlySet<string> mine, Place place, [EnumeratorCancellation] CancellationToken stop)
    {
        var relations = new ConfigRelations(mine);
        await foreach (var item in ConfigItem.AllAsync(scope, null, place, stop).ConfigureAwait(false))
        {
            relations.Note(item);
            if (!mine.Contains(item.Type) && told.Add(item.Id))
            {
                yield return scope.Placed(item.Resource);
            }
        }

        relations = place.GoesOn ? await ConfigRelations.ReadAsync(scope, null, mine, stop).ConfigureAwait(false) : relations;
        foreach (var relation in relations.All())
        {
            yield return relation;
        }
    }

    private async IAsyncEnumerable<Observation> TaggedAsync(AwsScope scope, IReadOnlySet<string> mine, [EnumeratorCancellation] CancellationToken stop)
    {
        foreach (var (arn, tags) in await scope.Tags.AllAsync(stop).ConfigureAwait(false))
        {
            if (AwsArn.Of(arn) is { } named && !mine.Contains(named.Type) && told.Add(arn))
            {
                yield return scope.Placed(new Resource
                {
                    Id = arn, Type = named.Type, Name = AwsTags.Name(tags) ?? named.Name, Provider = "aws", Account = named.Account ?? scope.Account, Region = named.Region, Tags = tags,
                });
            }
        }
    }
}
