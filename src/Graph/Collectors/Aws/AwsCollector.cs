using McpInfra.Graph.Collectors.Costs;
using McpInfra.Graph.Collectors.Findings;
using McpInfra.Graph.Collectors.State;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>Reads AWS accounts, several accounts, regions and services side by side. Only ever lists and describes.</summary>
/// <param name="keys">What sources are read with.</param>
/// <param name="time">The clock.</param>
/// <param name="limits">How far it goes; null for the defaults.</param>
public sealed class AwsCollector(ISourceKeys keys, TimeProvider time, CollectorLimits? limits = null) : ICollector
{
    private static readonly IReadOnlyList<Listing> Resources =
    [
        .. Ec2Network.Listings, .. Ec2Compute.Listings, .. S3.Listings, .. Kms.Listings, .. Iam.Listings, .. LambdaFunctions.Listings,
        .. Sqs.Listings, .. DynamoDb.Listings, .. Ssm.Listings, .. Rds.Listings, .. LoadBalancing.Listings,
    ];

    private readonly CollectorLimits limits = limits ?? new CollectorLimits { Requests = 16 };

    /// <inheritdoc/>
    public string Kind { get; private init; } = "aws";

    private IReadOnlyList<Listing> Listings { get; init; } = Resources;

    /// <summary>One collector for each kind of source that is read from AWS.</summary>
    public static IReadOnlyList<ICollector> All(ISourceKeys keys, TimeProvider time, CollectorLimits? limits = null) =>
    [
        new AwsCollector(keys, time, limits),
        new AwsCollector(keys, time, limits) { Kind = "aws-security-hub", Listings = SecurityHub.Listings },
        new AwsCollector(keys, time, limits) { Kind = "aws-cost-explorer", Listings = CostExplorer.Listings },
        new AwsCollector(keys, time, limits) { Kind = "aws-cloudformation", Listings = CloudFormation.Listings },
    ];

    /// <inheritdoc/>
    public IAsyncEnumerable<Observation> CollectAsync(SourceSettings source, CancellationToken stop) => CollectAsync(source, Unfinished.Nothing, stop);

    /// <inheritdoc/>
    public IAsyncEnumerable<Observation> CollectAsync(SourceSettings source, Unfinished unfinished, CancellationToken stop) =>
        Gathering.StreamAsync((seen, stopping) => new AwsAccounts(source, keys, limits, time).ReadAsync(Listings, new SourceScan(source, limits, unfinished, seen), stopping), stop);
}
