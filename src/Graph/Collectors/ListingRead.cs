using System.Threading.Channels;
using McpInfra.Graph.Collectors.Aws;
using McpInfra.Graph.Collectors.Rest;

namespace McpInfra.Graph.Collectors;

/// <summary>Reads one listing, from where a scan that was cut had come to if there is such a place and the cloud still takes it, and tells how far it comes.</summary>
internal sealed class ListingRead(ScopeListing listing, ChannelWriter<Observation> seen)
{
    private readonly string? key = listing.Key;

    /// <param name="kept">How far it had come; null for the start.</param>
    /// <param name="deadline">Ends the reading.</param>
    /// <param name="stop">Ends the scan.</param>
    public async Task RunAsync(KeptPlace? kept, CancellationToken deadline, CancellationToken stop)
    {
        if (kept is { Token: null })
        {
            await seen.WriteAsync(Own(new Observation.Began(GoesOn: true)), deadline);
            return;
        }

        var place = kept is null ? new Place() : new Place(kept);
        try
        {
            await ReadAsync(place, deadline, stop);
        }
        catch (Exception error) when (place is { GoesOn: true, IsTaken: false } && !IsPassing(error))
        {
            await ReadAsync(new Place(), deadline, stop); // The cloud no longer takes what it gave.
        }
    }

    private async Task ReadAsync(Place place, CancellationToken deadline, CancellationToken stop)
    {
        var (isTold, isPartly) = (false, false);
        try
        {
            await foreach (var observation in listing.Read(place, deadline).WithCancellation(deadline))
            {
                await MarkAsync(deadline);
                isPartly |= observation is Observation.Failed;
                await seen.WriteAsync(key is null ? observation : observation with { Listing = key }, deadline);
            }

            await MarkAsync(deadline);
            await TellAsync(isPartly ? new Observation.Began(GoesOn: false) : new Observation.Reached(null, []), deadline);
        }
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            await MarkAsync(stop);
            if (!IsPassing(error))
            {
                await TellAsync(new Observation.Began(GoesOn: false), stop); // What is wrong at a place will be wrong there again.
            }

            throw;
        }

        async ValueTask MarkAsync(CancellationToken ending)
        {
            if (place is { GoesOn: true, IsTaken: true } && !isTold)
            {
                isTold = true;
                await TellAsync(new Observation.Began(GoesOn: true), ending);
            }

            if (place.TakeReached() is { } reached)
            {
                await TellAsync(reached, ending);
            }
        }
    }

    private ValueTask TellAsync(Observation mark, CancellationToken stop) => key is null ? ValueTask.CompletedTask : seen.WriteAsync(Own(mark), stop);

    private Observation Own(Observation mark) => mark with { Listing = key };

    // Whether the same question may be answered later.
    private static bool IsPassing(Exception error) => error is OperationCanceledException || ((CloudException?)AwsException.Of(error) ?? RestException.Of(error))?.Fault is
        CloudFault.Throttled or CloudFault.Unavailable or CloudFault.Unreachable or CloudFault.Slow or CloudFault.Credentials;
}
