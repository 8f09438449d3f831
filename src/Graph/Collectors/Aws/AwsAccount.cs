namespace McpInfra.Graph.Collectors.Aws;

/// <summary>
/// Reads one account: the services that have listings first, region by region, then by <see cref="Inventory"/> whatever those do not know.
/// </summary>
internal sealed class AwsAccount(AwsSession session, SourceSettings source, IReadOnlyList<Listing> listings)
{
    public async Task ReadAsync(SourceScan scan, CancellationToken stop)
    {
        var scopes = session.Regions.Select(region => new AwsScope(session.Connection, session.Account, region, source.Environment, stop)).ToList();
        try
        {
            var told = new Told();
            var refused = new Refusals();
            var side = new ParallelOptions { MaxDegreeOfParallelism = session.Connection.Limits.Regions, CancellationToken = stop };
            await Parallel.ForEachAsync(scopes, side, async (scope, stopping) => await Task.WhenAll(
                listings.Where(listing => !listing.Global || scope == scopes[0]).Select(listing => ListAsync(listing, scope, scan, told, refused, stopping))).ConfigureAwait(false)).ConfigureAwait(false);
            if (source.Kind == "aws")
            {
                await new Inventory(session, listings, told, refused).ReadAsync(scopes, scan, side).ConfigureAwait(false);
            }

            await refused.FailAsync(scan, stop).ConfigureAwait(false);
        }
        finally
        {
            scopes.ForEach(scope => scope.Dispose());
        }
    }

    private async Task ListAsync(Listing listing, AwsScope scope, SourceScan scan, Told told, Refusals refused, CancellationToken stop)
    {
        var bound = new ScopeListing(
            scope.Account, listing.Global ? null : scope.Region, listing.Service, listing.Type, listing.Permission, (place, stopping) => told.NoteAsync(listing.Read(scope.From(place), stopping)))
        {
            Origin = session.Origin,
        };
        if (await scan.ReadAsync(bound, stop).ConfigureAwait(false) is not { } error)
        {
            return;
        }

        if (listing.Off is { } off && AwsException.Of(error)?.Code == off)
        {
            await scan.CompleteAsync(new Observation.Complete(bound.Account, bound.Region, bound.Type), stop, isListing: true).ConfigureAwait(false);
            return;
        }

        var message = AwsFailures.Explain(error, bound, session.Connection);
        if (AwsException.Of(error) is { Fault: CloudFault.Denied })
        {
            refused.Add(bound, message); // AWS Config may know it all the same.
        }
        else
        {
            await scan.FailAsync(bound, message, stop).ConfigureAwait(false);
        }
    }
}
