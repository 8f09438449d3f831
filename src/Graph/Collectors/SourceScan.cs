using System.Threading.Channels;
using McpInfra.Graph.Collectors.Rest;

namespace McpInfra.Graph.Collectors;

/// <summary>Reads the listings of one source; when all have failed, the source has.</summary>
internal sealed class SourceScan(SourceSettings source, CollectorLimits limits, Unfinished unfinished, ChannelWriter<Observation> seen)
{
    private readonly Lock gate = new();
    private int read;
    private string? failure;

    /// <summary>Whether anything could not be read.</summary>
    public bool HasFailed
    {
        get
        {
            lock (gate)
            {
                return failure is not null;
            }
        }
    }

    /// <summary>Accounts side by side, a few at a time.</summary>
    /// <exception cref="SourceException">Every listing of every account failed.</exception>
    public async Task EachAsync<T>(IEnumerable<T> accounts, Func<T, CancellationToken, Task> scan, CancellationToken stop)
    {
        await Parallel.ForEachAsync(accounts, new ParallelOptions { MaxDegreeOfParallelism = limits.Accounts, CancellationToken = stop }, async (account, stopping) => await scan(account, stopping));
        if (read == 0 && failure is not null)
        {
            throw new SourceException($"Source {source.Name}: every listing failed; the first: {failure}");
        }
    }

    /// <summary>Reads a listing over REST, and says whether it was read to its end.</summary>
    public async Task<bool> ListAsync(ScopeListing listing, CancellationToken stop)
    {
        if (await ReadAsync(listing, stop) is not { } error)
        {
            return true;
        }

        await FailAsync(listing, CloudFailures.Explain(error, RestException.Of(error), listing, limits, "renew it, and check the clock of this machine"), stop);
        return false;
    }

    /// <summary>Reads a listing; what kept it from its end, or null.</summary>
    public async Task<Exception?> ReadAsync(ScopeListing listing, CancellationToken stop)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(limits.Listing);
        try
        {
            await new ListingRead(listing, seen).RunAsync(listing.Key is { } key ? unfinished.Of(key) : null, deadline.Token, stop);
            if (listing.IsWhole)
            {
                await CompleteAsync(new Observation.Complete(listing.Account, listing.Region, listing.Type), deadline.Token, isListing: true);
            }

            return null;
        }
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            return error;
        }
    }

    /// <summary>Several listings together were read to their ends.</summary>
    /// <param name="complete">What they cover.</param>
    /// <param name="stop">Ends it.</param>
    /// <param name="isListing">Whether they are a listing of resources, so that not everything failed.</param>
    public async ValueTask CompleteAsync(Observation.Complete complete, CancellationToken stop, bool isListing = false)
    {
        await seen.WriteAsync(complete, stop);
        if (isListing)
        {
            Interlocked.Increment(ref read);
        }
    }

    /// <inheritdoc cref="FailAsync(string?, string?, string, string, string, CancellationToken)"/>
    public Task FailAsync(ScopeListing listing, string message, CancellationToken stop) => FailAsync(listing.Account, listing.Region, listing.Service, listing.Type, message, stop);

    /// <summary>Something cannot be read; what was known of it stays.</summary>
    public async Task FailAsync(string? account, string? region, string service, string type, string message, CancellationToken stop)
    {
        lock (gate)
        {
            failure ??= message;
        }

        await seen.WriteAsync(new Observation.Failed(region, service, type, message) { Account = account }, stop);
    }
}
