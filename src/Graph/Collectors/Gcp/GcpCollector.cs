using System.Runtime.CompilerServices;
using System.Text.Json;
using McpInfra.Graph.Collectors.Rest;
using McpInfra.Graph.Store;

namespace McpInfra.Graph.Collectors.Gcp;

/// <summary>Reads projects, folders and organisations through Cloud Asset Inventory. Only ever lists and searches.</summary>
/// <param name="secrets">What sources are read with.</param>
/// <param name="time">The clock.</param>
/// <param name="limits">How far it goes; null for the defaults.</param>
public sealed class GcpCollector(ISourceSecrets secrets, TimeProvider time, CollectorLimits? limits = null) : ICollector
{
    private const string Permission = "roles/cloudasset.viewer on the scope, with the Cloud Asset API enabled";
    private enum Stage
    {
        Assets,
        Search,
        Relationships,
    }

    private static readonly Uri Public = new("https://cloudasset.googleapis.com");

    private readonly CollectorLimits limits = limits ?? new CollectorLimits();

    /// <inheritdoc/>
    public string Kind => "google";

    /// <inheritdoc/>
    public IAsyncEnumerable<Observation> CollectAsync(SourceSettings source, CancellationToken stop) => CollectAsync(source, Unfinished.Nothing, stop);

    /// <inheritdoc/>
    public IAsyncEnumerable<Observation> CollectAsync(SourceSettings source, Unfinished unfinished, CancellationToken stop) =>
        Gathering.StreamAsync((seen, stopping) => ReadAsync(source, new SourceScan(source, limits, unfinished, seen), stopping), stop);

    private async Task ReadAsync(SourceSettings source, SourceScan scan, CancellationToken stop)
    {
        await scan.EachAsync(source.Accounts, (account, stopping) => ReadAsync(source, account, scan, stopping), stop);
        if (!scan.HasFailed)
        {
            await scan.CompleteAsync(new Observation.Complete(null, null, "*"), stop); // A project that is gone with all it held has no scope of its own any more.
        }
    }

    private async Task ReadAsync(SourceSettings source, AccountSettings account, SourceScan scan, CancellationToken stop)
    {
        using var client = new RestClient(account.Endpoint ?? Public, new BearerToken(secrets, source, account), limits, time);
        foreach (var scope in account.Scopes)
        {
            var projects = new GcpProjects();
            var assets = new GcpAssets(projects);
            if (await scan.ListAsync(Listing(scope, (_, stopping) => ProjectsAsync(client, scope, projects, stopping)), stop)
                && await scan.ListAsync(Listing(scope, (place, stopping) => EverythingAsync(client, scope, assets, place, stopping)) with { Origin = client.Origin }, stop))
            {
                foreach (var whole in projects.Ids.Append(scope.StartsWith("projects/", StringComparison.Ordinal) ? scope["projects/".Length..] : scope).Distinct())
                {
                    await scan.CompleteAsync(new Observation.Complete(whole, null, "*"), stop, isListing: true);
                }
            }
        }
    }

    private static ScopeListing Listing(string scope, Func<Place, CancellationToken, IAsyncEnumerable<Observation>> read) => new(null, null, $"Cloud Asset Inventory of {scope}", "*", Permission, read) { IsWhole = false };

    private static async IAsyncEnumerable<Observation> ProjectsAsync(RestClient client, string scope, GcpProjects projects, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var page in PagesAsync(client, $"/v1/{scope}:searchAllResources?assetTypes=cloudresourcemanager.googleapis.com%2FProject&pageSize=500", stop))
        {
            foreach (var project in page.Items("results"))
            {
                projects.Note(project);
            }
        }

        yield break;
    }

    // What a listing told whole is not told again by the search, which knows more types and less of each. Of names only a fingerprint is remembered.
    private static async IAsyncEnumerable<Observation> EverythingAsync(RestClient client, string scope, GcpAssets assets, Place place, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var asset in AssetsAsync(client, scope, "RESOURCE", place, Stage.Assets, stop))
        {
            if (place.Know(Fingerprint.Of(GcpAssets.Identify(asset).Name)))
            {
                foreach (var observation in assets.OfAsset(asset))
                {
                    yield return observation;
                }
            }
        }

        await foreach (var page in PagesAsync(client, $"/v1/{scope}:searchAllResources?pageSize=500", stop, place, Stage.Search))
        {
            foreach (var observation in page.Items("results").Where(result => place.Know(Fingerprint.Of(GcpAssets.Identify(result).Name))).SelectMany(assets.OfResult))
            {
                yield return observation;
            }
        }

        await foreach (var observation in RelationshipsAsync(client, scope, place, stop))
        {
            yield return observation;
        }
    }

    // Relationships are to be had with the higher tiers of Security Command Center alone; what configurations name is related without them. Any other refusal is one.
    private static async IAsyncEnumerable<Observation> RelationshipsAsync(RestClient client, string scope, Place place, [EnumeratorCancellation] CancellationToken stop)
    {
        await using var assets = AssetsAsync(client, scope, "RELATIONSHIP", place, Stage.Relationships, stop).GetAsyncEnumerator(stop);
        for (var first = true; ; first = false)
        {
            try
            {
                if (!await assets.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (RestException refused) when (first && refused.Fault is (CloudFault.Denied or CloudFault.Other) && refused.Mentions("Security Command Center"))
            {
                yield break;
            }

            foreach (var observation in GcpAssets.OfRelationship(assets.Current))
            {
                yield return observation;
            }
        }
    }

    private static IAsyncEnumerable<JsonElement> AssetsAsync(RestClient client, string scope, string content, Place place, Stage stage, CancellationToken stop) =>
        PagesAsync(client, $"/v1/{scope}/assets?contentType={content}&pageSize=1000", stop, place, stage).SelectMany(page => page.Items("assets"));

    private static IAsyncEnumerable<JsonElement> PagesAsync(RestClient client, string path, CancellationToken stop, Place? place = null, Stage stage = default) => place?.Stage > (int)stage ? AsyncEnumerable.Empty<JsonElement>() : Paging.ReadAsync(
        client.Limits, token => client.GetAsync(token is null ? path : $"{path}&pageToken={Uri.EscapeDataString(token)}", stop), page => page.Text("nextPageToken"), stop, place, (int)stage);
}
