using System.Runtime.CompilerServices;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>Keys, known also by their aliases, which only name them.</summary>
internal static class Kms
{
    public static IReadOnlyList<Listing> Listings { get; } = [new("kms", "AWS::KMS::Key", "kms:ListKeys and kms:ListAliases", KeysAsync)];

    public static AmazonKeyManagementServiceClient Client(AwsScope scope) => scope.Client(s => new AmazonKeyManagementServiceClient(
        s.Connection.Credentials, s.Connection.Configure(new AmazonKeyManagementServiceConfig(), s.Region)));

    private static async IAsyncEnumerable<Observation> KeysAsync(AwsScope scope, [EnumeratorCancellation] CancellationToken stop)
    {
        var client = Client(scope);
        var aliases = (await scope.Keys.AllAsync(stop).ConfigureAwait(false)).ToLookup(a => a.TargetKeyId, a => a.AliasName);
        var pages = Pages.ReadAsync(scope, token => client.ListKeysAsync(new ListKeysRequest { Limit = 1000, Marker = token }, stop), p => p.NextMarker, stop, scope.Place);
        var refused = new SortedSet<string>(StringComparer.Ordinal);
        await foreach (var page in pages.ConfigureAwait(false))
        {
            await foreach (var key in Pages.EachAsync(AwsAnswer.List(page.Keys, "Keys", page.NextMarker), k => KeyAsync(scope, client, k, aliases, stop), stop).ConfigureAwait(false))
            {
                refused.UnionWith(key.Refused);
                yield return key.Seen;
            }
        }

        if (refused.Count > 0)
        {
            yield return new Observation.Failed(scope.Region, "kms", "AWS::KMS::Key",
                $"Some keys refused {string.Join(", ", refused)}; their key policies must allow these to the identity that scans. What was not read is named under NotRead.");
        }
    }

    private static async Task<(Observation Seen, IReadOnlySet<string> Refused)> KeyAsync(
        AwsScope scope, AmazonKeyManagementServiceClient client, KeyListEntry entry, ILookup<string, string> aliases, CancellationToken stop)
    {
        var asked = new Asked();
        var key = await asked.Async("kms:DescribeKey", async () => (await client.DescribeKeyAsync(entry.KeyId, stop).ConfigureAwait(false)).KeyMetadata).ConfigureAwait(false);
        var rotates = key?.KeyManager == KeyManagerType.CUSTOMER && key.KeySpec == KeySpec.SYMMETRIC_DEFAULT && key.KeyState == KeyState.Enabled
            ? await asked.Async("kms:GetKeyRotationStatus", async () => (await client.GetKeyRotationStatusAsync(entry.KeyId, stop).ConfigureAwait(false)).KeyRotationEnabled).ConfigureAwait(false)
            : null;
        var tags = await scope.Tags.OfAsync(entry.KeyArn, stop).ConfigureAwait(false);
        var names = aliases[entry.KeyId].Order(StringComparer.Ordinal).ToArray();
        return (scope.Seen(entry.KeyArn, "AWS::KMS::Key", AwsTags.Name(tags) ?? names.FirstOrDefault()?["alias/".Length..] ?? entry.KeyId, Facts.Of(
            ("Description", key?.Description), ("KeySpec", key?.KeySpec?.Value), ("KeyUsage", key?.KeyUsage?.Value), ("KeyManager", key?.KeyManager?.Value),
            ("Origin", key?.Origin?.Value), ("MultiRegion", key?.MultiRegion), ("EnableKeyRotation", rotates),
            ("DeletionDate", key?.DeletionDate?.ToUniversalTime().ToString("O")), ("NotRead", Facts.List(asked.Refused))), tags, key?.KeyState?.Value, [entry.KeyId, .. names, .. names.Select(n => scope.Arn("kms", n))]), asked.Refused);
    }
}
