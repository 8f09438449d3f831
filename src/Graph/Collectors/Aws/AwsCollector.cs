using System.Runtime.CompilerServices;
using System.Threading.Channels;
using McpInfra.Graph.Collectors.Costs;
using McpInfra.Graph.Collectors.Findings;
using McpInfra.Graph.Collectors.State;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>Reads an AWS account, several regions and services side by side. Only ever lists and describes.</summary>
/// <param name="keys">What sources are read with.</param>
/// <param name="time">The clock.</param>
/// <param name="limits">How far it goes; null for the defaults.</param>
public sealed class AwsCollector(ISourceKeys keys, TimeProvider time, AwsLimits? limits = null) : ICollector
{
    private static readonly IReadOnlyList<Listing> Resources =
    [
        .. Ec2Network.Listings, .. Ec2Compute.Listings, .. S3.Listings, .. Kms.Listings, .. Iam.Listings, .. LambdaFunctions.Listings,
        .. Sqs.Listings, .. DynamoDb.Listings, .. Ssm.Listings, .. Rds.Listings, .. LoadBalancing.Listings,
    ];

    private readonly AwsLimits _limits = limits ?? new AwsLimits();

    /// <inheritdoc/>
    public string Kind { get; private init; } = "aws";

    private IReadOnlyList<Listing> Listings { get; init; } = Resources;

    /// <summary>One collector for each kind of source that is read from AWS.</summary>
    public static IReadOnlyList<ICollector> All(ISourceKeys keys, TimeProvider time, AwsLimits? limits = null) =>
    [
        new AwsCollector(keys, time, limits),
        new AwsCollector(keys, time, limits) { Kind = "aws-security-hub", Listings = SecurityHub.Listings },
        new AwsCollector(keys, time, limits) { Kind = "aws-cost-explorer", Listings = CostExplorer.Listings },
        new AwsCollector(keys, time, limits) { Kind = "aws-cloudformation", Listings = CloudFormation.Listings },
    ];

    /// <inheritdoc/>
    public async IAsyncEnumerable<Observation> CollectAsync(SourceSettings source, [EnumeratorCancellation] CancellationToken stop)
    {
        using var session = await AwsSession.OpenAsync(source, keys, _limits, time, stop).ConfigureAwait(false);
        await foreach (var observation in Gathering.StreamAsync((seen, stopping) => ReadAsync(session, source, seen, stopping), stop).ConfigureAwait(false))
        {
            yield return observation;
        }
    }

    private async Task ReadAsync(AwsSession session, SourceSettings source, ChannelWriter<Observation> seen, CancellationToken stop)
    {
        var failures = new FailureCount(Listings.Count(l => l.Global) + (session.Regions.Count * Listings.Count(l => !l.Global)));
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _limits.Regions, CancellationToken = stop };
        await Parallel.ForEachAsync(session.Regions, parallel, async (region, stopping) =>
        {
            using var scope = new AwsScope(session.Connection, session.Account, region, source.Environment, stopping);
            var mine = Listings.Where(l => !l.Global || region == session.Regions[0]);
            await Task.WhenAll(mine.Select(l => ListAsync(l, scope, seen, failures, stopping))).ConfigureAwait(false);
        }).ConfigureAwait(false);
        if (failures.Verdict(source.Name) is { } nothing)
        {
            throw nothing;
        }
    }

    private async Task ListAsync(Listing listing, AwsScope scope, ChannelWriter<Observation> seen, FailureCount failures, CancellationToken stop)
    {
        var region = listing.Global ? null : scope.Region;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(_limits.Listing);
        try
        {
            await foreach (var observation in listing.Read(scope, deadline.Token).ConfigureAwait(false))
            {
                await seen.WriteAsync(observation, deadline.Token).ConfigureAwait(false);
            }

            await seen.WriteAsync(new Observation.Complete(scope.Account, region, listing.Type), stop).ConfigureAwait(false);
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            var message = AwsFailures.Explain(e, listing, scope);
            failures.Add(message);
            await seen.WriteAsync(new Observation.Failed(region, listing.Service, listing.Type, message), stop).ConfigureAwait(false);
        }
    }
}
