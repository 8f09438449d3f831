namespace McpInfra.Graph.Collectors.Aws;

/// <summary>Listings of an account that its services refused, until it is known whether AWS Config tells their types.</summary>
internal sealed class Refusals
{
    private readonly Lock gate = new();
    private readonly List<(ScopeListing Listing, string Message)> listings = [];

    public void Add(ScopeListing listing, string message)
    {
        lock (gate)
        {
            listings.Add((listing, message));
        }
    }

    /// <summary>Types of a region, and of the account, that were refused.</summary>
    public IReadOnlyList<string> In(string region)
    {
        lock (gate)
        {
            return [.. listings.Where(one => one.Listing.Region is null || one.Listing.Region == region).Select(one => one.Listing.Type)];
        }
    }

    /// <summary>Takes back what is known of the regions by another way; types of the account only when it is known of all. Answers those types.</summary>
    public IReadOnlyList<string> Settle(IReadOnlyCollection<string> regions, bool all)
    {
        lock (gate)
        {
            var ofAccount = listings.Where(one => all && one.Listing.Region is null).Select(one => one.Listing.Type).ToList();
            listings.RemoveAll(one => one.Listing.Region is { } region ? regions.Contains(region) : all);
            return ofAccount;
        }
    }

    /// <summary>Tells what is left.</summary>
    public async Task FailAsync(SourceScan scan, CancellationToken stop)
    {
        foreach (var (listing, message) in listings)
        {
            await scan.FailAsync(listing, message, stop).ConfigureAwait(false);
        }
    }
}
