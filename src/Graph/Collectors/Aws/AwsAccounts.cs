namespace McpInfra.Graph.Collectors.Aws;

/// <summary>Reads the accounts of a source, and those of their organisations, each with keys of its own. One that cannot be read is told of, and the rest goes on.</summary>
internal sealed class AwsAccounts(SourceSettings source, ISourceKeys keys, CollectorLimits limits, TimeProvider time)
{
    /// <param name="listings">What is read of each.</param>
    /// <param name="scan">Takes what is seen.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="SourceException">Nothing of any of them can be read.</exception>
    public async Task ReadAsync(IReadOnlyList<Listing> listings, SourceScan scan, CancellationToken stop)
    {
        await scan.EachAsync(source.Accounts, (account, stopping) => ReadAsync(account, listings, scan, stopping), stop).ConfigureAwait(false);
        if (!scan.HasFailed)
        {
            await scan.CompleteAsync(new Observation.Complete(null, null, "*"), stop).ConfigureAwait(false); // An account that left with all it held has no scope of its own any more.
        }
    }

    private async Task ReadAsync(AccountSettings account, IReadOnlyList<Listing> listings, SourceScan scan, CancellationToken stop)
    {
        if (await OpenAsync(account, null, scan, stop).ConfigureAwait(false) is not { } session)
        {
            return;
        }

        using (session)
        {
            if (account.Aggregator is { } aggregator)
            {
                await new ConfigAggregator(session, source, aggregator).ReadAsync(scan, stop).ConfigureAwait(false);
                return;
            }

            var members = account.MembersExcept is { } except ? await Organization.MembersAsync(session, except, scan, stop).ConfigureAwait(false) : [];
            await new AwsAccount(session, source, listings).ReadAsync(scan, stop).ConfigureAwait(false);
            await Parallel.ForEachAsync(members, new ParallelOptions { MaxDegreeOfParallelism = limits.Accounts, CancellationToken = stop }, async (member, stopping) =>
            {
                if (await OpenAsync(account, member, scan, stopping).ConfigureAwait(false) is { } own)
                {
                    using (own)
                    {
                        await new AwsAccount(own, source, listings).ReadAsync(scan, stopping).ConfigureAwait(false);
                    }
                }
            }).ConfigureAwait(false);
        }
    }

    private async Task<AwsSession?> OpenAsync(AccountSettings account, string? member, SourceScan scan, CancellationToken stop)
    {
        try
        {
            return await AwsSession.OpenAsync(source, account, member, keys, limits, time, stop).ConfigureAwait(false);
        }
        catch (SourceException failure) when (member is not null || source.Accounts.Count > 1)
        {
            await scan.FailAsync(member ?? (account.Scopes is [var pinned] ? pinned : null), null, "sts", "*", failure.Message, stop).ConfigureAwait(false);
            return null;
        }
    }
}
