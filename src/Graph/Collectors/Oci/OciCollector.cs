using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using McpInfra.Graph.Collectors.Rest;

namespace McpInfra.Graph.Collectors.Oci;

/// <summary>Reads tenancies of Oracle Cloud Infrastructure region by region: structured search, and the details of types that have them. Only ever searches and gets.</summary>
/// <param name="secrets">What sources are read with; the name of the key begins with the tenancy.</param>
/// <param name="time">The clock.</param>
/// <param name="limits">How far it goes; null for the defaults.</param>
public sealed class OciCollector(ISourceSecrets secrets, TimeProvider time, CollectorLimits? limits = null) : ICollector
{
    private const string Permission = "`Allow group … to inspect all-resources in tenancy` and `read` of what is to be shown whole";
    private const string Service = "OCI search";
    private const int PageRows = 500;
    private const int Few = 8;

    private readonly CollectorLimits limits = limits ?? new CollectorLimits();

    /// <inheritdoc/>
    public string Kind => "oci";

    /// <inheritdoc/>
    public IAsyncEnumerable<Observation> CollectAsync(SourceSettings source, CancellationToken stop) => CollectAsync(source, Unfinished.Nothing, stop);

    /// <inheritdoc/>
    public IAsyncEnumerable<Observation> CollectAsync(SourceSettings source, Unfinished unfinished, CancellationToken stop) =>
        Gathering.StreamAsync((seen, stopping) => ReadAsync(source, new SourceScan(source, limits, unfinished, seen), stopping), stop);

    private Task ReadAsync(SourceSettings source, SourceScan scan, CancellationToken stop)
    {
        var places = source.Accounts.SelectMany(account => account.Regions.Select(region => (Account: account, Region: region)));
        return scan.EachAsync(places, (place, stopping) => ReadAsync(source, place.Account, place.Region, scan, stopping), stop);
    }

    private async Task ReadAsync(SourceSettings source, AccountSettings account, string region, SourceScan scan, CancellationToken stop)
    {
        string tenancy;
        try
        {
            tenancy = (await secrets.OfAsync(source, account, stop)).KeyId?.Split('/')[0] ?? throw new SourceException($"Source {source.Name}: the OCI credential names no tenancy.");
        }
        catch (SourceException failure)
        {
            await scan.FailAsync(null, region, Service, "*", failure.Message, stop);
            return;
        }

        var clients = new ConcurrentDictionary<string, RestClient>();
        try
        {
            var listing = new ScopeListing(tenancy, region, Service, "*", Permission, FindAsync) { IsWhole = false, Origin = Client("query").Origin };
            if (await scan.ListAsync(listing, stop))
            {
                await scan.CompleteAsync(new Observation.Complete(tenancy, region, "*"), stop, isListing: true);
            }
        }
        finally
        {
            foreach (var client in clients.Values)
            {
                client.Dispose();
            }
        }

        RestClient Client(string service) => clients.GetOrAdd(service, name => new RestClient(
            account.Endpoint ?? OciRealm.Endpoint(name, region, tenancy),
            new OciSigner(secrets, source, account, time), limits, time));

        async IAsyncEnumerable<Observation> FindAsync(Place place, [EnumeratorCancellation] CancellationToken stopping)
        {
            var (resources, detailed) = (new OciResources(tenancy, region), new OciDetails(Client));
            await foreach (var page in SearchAsync(Client("query"), place, stopping))
            {
                foreach (var few in page.Items("items").Where(IsThere).Chunk(Few))
                {
                    var details = await Task.WhenAll(few.Select(row => detailed.OfAsync(row, stopping)));
                    foreach (var observation in few.Zip(details).SelectMany(pair => resources.Of(pair.First, pair.Second)))
                    {
                        yield return observation;
                    }
                }
            }
        }
    }

    private IAsyncEnumerable<JsonElement> SearchAsync(RestClient client, Place place, CancellationToken stop) => Paging.ReadAsync(
        limits,
        token => client.QueryAsync($"/20180409/resources?limit={PageRows}{(token is null ? "" : $"&page={Uri.EscapeDataString(token)}")}", new { type = "Structured", query = "query all resources" }, stop, pageHeader: "opc-next-page"),
        page => page.Text(RestAnswer.NextPage),
        stop,
        place);

    // What ends stays in the search for a while.
    private static bool IsThere(JsonElement row) => row.Text("lifecycleState")?.ToUpperInvariant() is not ("TERMINATED" or "DELETED");
}
