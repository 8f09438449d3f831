using McpInfra.Graph.Collectors.Rest;

namespace McpInfra.Graph.Collectors.Azure;

/// <summary>Reads Azure subscriptions through Resource Graph, several side by side. Only ever queries.</summary>
/// <param name="secrets">What sources are read with.</param>
/// <param name="time">The clock.</param>
/// <param name="limits">How far it goes; null for the defaults.</param>
public sealed class AzureCollector(ISourceSecrets secrets, TimeProvider time, CollectorLimits? limits = null) : ICollector
{
    private const string Permission = "Microsoft.ResourceGraph/resources/read and the Reader role on the subscription";
    private const string Visible = "ResourceContainers | where type =~ 'microsoft.resources/subscriptions' | project id, subscriptionId | order by id asc";
    private static readonly Uri Public = new("https://management.azure.com");

    private readonly CollectorLimits limits = limits ?? new CollectorLimits();

    /// <inheritdoc/>
    public string Kind => "azure";

    /// <inheritdoc/>
    public IAsyncEnumerable<Observation> CollectAsync(SourceSettings source, CancellationToken stop) => CollectAsync(source, Unfinished.Nothing, stop);

    /// <inheritdoc/>
    public IAsyncEnumerable<Observation> CollectAsync(SourceSettings source, Unfinished unfinished, CancellationToken stop) =>
        Gathering.StreamAsync((seen, stopping) => ReadAsync(source, new SourceScan(source, limits, unfinished, seen), stopping), stop);

    private Task ReadAsync(SourceSettings source, SourceScan scan, CancellationToken stop) => scan.EachAsync(source.Accounts, (account, stopping) => ReadAsync(source, account, scan, stopping), stop);

    private async Task ReadAsync(SourceSettings source, AccountSettings account, SourceScan scan, CancellationToken stop)
    {
        using var client = new RestClient(account.Endpoint ?? Public, new BearerToken(secrets, source, account), limits, time);
        var graph = new ResourceGraphQuery(client);
        var subscriptions = account.Scopes.ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (subscriptions.Count == 0 && !await scan.ListAsync(new ScopeListing(null, null, "Resource Graph", "*", Permission, (_, stopping) => FindAsync(graph, subscriptions, stopping)) { IsWhole = false }, stop))
        {
            return;
        }

        if (subscriptions.Count == 0)
        {
            await scan.FailAsync(null, null, "Resource Graph", "*", $"Resource Graph shows the identity no subscription; allow {Permission} to it.", stop);
        }

        await Parallel.ForEachAsync(subscriptions, new ParallelOptions { MaxDegreeOfParallelism = limits.Accounts, CancellationToken = stop }, async (subscription, stopping) =>
            await ReadAsync(graph, subscription.ToLowerInvariant(), scan, stopping));
    }

    private static async Task ReadAsync(ResourceGraphQuery graph, string subscription, SourceScan scan, CancellationToken stop)
    {
        if (!await scan.ListAsync(new ScopeListing(subscription, null, "Resource Graph", "*", Permission, (place, stopping) => AzureResources.ReadAsync(graph, subscription, place, stopping)) { Origin = graph.Origin }, stop))
        {
            return; // What cannot be listed is not asked what is wrong with it.
        }

        var whole = true;
        foreach (var table in AzureFindings.Tables)
        {
            whole &= await scan.ListAsync(
                new ScopeListing(subscription, null, table.Name, Finding.Scope, $"reads of {table.Name} (the Reader role)", (place, stopping) => AzureFindings.ReadAsync(graph, subscription, table, place, stopping)) { IsWhole = false, Origin = graph.Origin }, stop);
        }

        if (whole)
        {
            await scan.CompleteAsync(new Observation.Complete(subscription, null, Finding.Scope), stop);
        }
    }

    private static async IAsyncEnumerable<Observation> FindAsync(ResourceGraphQuery graph, HashSet<string> found, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var row in graph.RowsAsync(null, Visible, stop))
        {
            if (row.Text("subscriptionId") is { } id)
            {
                found.Add(id);
            }
        }

        yield break;
    }
}
