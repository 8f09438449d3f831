using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Amazon.S3;
using Amazon.S3.Model;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>The region's buckets with encryption, versioning, public access block and policy status.</summary>
internal static class S3
{
    public static IReadOnlyList<Listing> Listings { get; } = [new("s3", "AWS::S3::Bucket", "s3:ListAllMyBuckets", BucketsAsync)];

    private static async IAsyncEnumerable<Observation> BucketsAsync(AwsScope scope, [EnumeratorCancellation] CancellationToken stop)
    {
        var client = scope.Client(s => new AmazonS3Client(
            s.Connection.Credentials, s.Connection.Configure(new AmazonS3Config { ForcePathStyle = s.Connection.Endpoint is not null }, s.Region)));
        var pages = Pages.ReadAsync(
            scope,
            token => client.ListBucketsAsync(new ListBucketsRequest { BucketRegion = scope.Region, MaxBuckets = 10_000, ContinuationToken = token }, stop),
            page => page.ContinuationToken,
            stop,
            scope.Place);
        var refused = new SortedSet<string>(StringComparer.Ordinal);
        await foreach (var page in pages.ConfigureAwait(false))
        {
            await foreach (var bucket in Pages.EachAsync((page.Buckets ?? []).Select(b => b.BucketName), name => BucketAsync(scope, client, name, stop), stop).ConfigureAwait(false))
            {
                refused.UnionWith(bucket.Refused);
                foreach (var observation in bucket.Seen)
                {
                    yield return observation;
                }
            }
        }

        if (refused.Count > 0)
        {
            yield return new Observation.Failed(scope.Region, "s3", "AWS::S3::Bucket",
                $"Some buckets refused {string.Join(", ", refused)}; allow these to the identity that scans. What was not read is named under NotRead.");
        }
    }

    private static async Task<(IReadOnlyList<Observation> Seen, IReadOnlySet<string> Refused)> BucketAsync(
        AwsScope scope, AmazonS3Client client, string name, CancellationToken stop)
    {
        var asked = new Asked();
        var encryption = asked.Async("s3:GetEncryptionConfiguration", async () => (await client.GetBucketEncryptionAsync(new() { BucketName = name }, stop).ConfigureAwait(false))
            .ServerSideEncryptionConfiguration?.ServerSideEncryptionRules?.FirstOrDefault());
        var versioning = asked.Async("s3:GetBucketVersioning", async () => (await client.GetBucketVersioningAsync(new GetBucketVersioningRequest { BucketName = name }, stop).ConfigureAwait(false))
            .VersioningConfig?.Status?.Value);
        var block = asked.Async("s3:GetBucketPublicAccessBlock", async () => (await client.GetPublicAccessBlockAsync(new() { BucketName = name }, stop).ConfigureAwait(false))
            .PublicAccessBlockConfiguration);
        var policy = asked.Async("s3:GetBucketPolicyStatus", async () => (await client.GetBucketPolicyStatusAsync(new() { BucketName = name }, stop).ConfigureAwait(false)).PolicyStatus);
        var tagging = asked.Async("s3:GetBucketTagging", async () => (await client.GetBucketTaggingAsync(new() { BucketName = name }, stop).ConfigureAwait(false)).TagSet);
        await Task.WhenAll(encryption, versioning, block, policy, tagging).ConfigureAwait(false);

        var key = (await encryption.ConfigureAwait(false))?.ServerSideEncryptionByDefault?.ServerSideEncryptionKeyManagementServiceKeyId;
        var arn = $"arn:{scope.Partition}:s3:::{name}";
        var facts = Facts.Of(
            ("BucketEncryption", Encryption(await encryption.ConfigureAwait(false))),
            ("VersioningConfiguration", await versioning.ConfigureAwait(false) ?? (asked.Refused.Contains("s3:GetBucketVersioning") ? null : "Off")),
            ("PublicAccessBlockConfiguration", Block(await block.ConfigureAwait(false))),
            ("PolicyIsPublic", (await policy.ConfigureAwait(false))?.IsPublic),
            ("NotRead", Facts.List(asked.Refused)));
        var tags = AwsTags.Of(await tagging.ConfigureAwait(false), t => t.Key, t => t.Value);
        return (
        [
            scope.Seen(arn, "AWS::S3::Bucket", name, facts, tags, aliases: [name]),
            .. Relate.One(arn, RelationType.EncryptedBy, await scope.Keys.ResolveAsync(key, stop).ConfigureAwait(false)),
        ], asked.Refused);
    }

    private static JsonObject? Encryption(ServerSideEncryptionRule? rule) => rule is null ? null : Facts.Of(
        ("SSEAlgorithm", rule.ServerSideEncryptionByDefault?.ServerSideEncryptionAlgorithm?.Value),
        ("KMSMasterKeyID", rule.ServerSideEncryptionByDefault?.ServerSideEncryptionKeyManagementServiceKeyId),
        ("BucketKeyEnabled", rule.BucketKeyEnabled));

    private static JsonObject? Block(PublicAccessBlockConfiguration? block) => block is null ? null : Facts.Of(
        ("BlockPublicAcls", block.BlockPublicAcls), ("IgnorePublicAcls", block.IgnorePublicAcls),
        ("BlockPublicPolicy", block.BlockPublicPolicy), ("RestrictPublicBuckets", block.RestrictPublicBuckets));
}
