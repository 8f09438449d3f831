namespace McpInfra.Graph.Collectors.Aws;

/// <summary>Says of a failure what was wrong and what mends it, in our own words: a service's message may name people and hosts.</summary>
internal static class AwsFailures
{
    public static string Explain(Exception error, ScopeListing listing, AwsConnection connection)
    {
        var fault = AwsException.Of(error);
        var where = listing.Region is { } region ? $"{listing.Service} of {listing.Account} in {region}" : $"{listing.Service} of {listing.Account}";
        return fault?.Fault switch
        {
            CloudFault.Credentials when Clock(connection) is { } clock => $"{where} did not accept a signature ({fault.Code}): {clock}",
            CloudFault.Denied => $"{where} refused ({fault.Code}); allow {listing.Permission} to the identity that scans.",
            CloudFault.Credentials => $"{where} did not accept the credentials ({fault.Code}); renew them, or check that the region is enabled for the account.",
            CloudFault.Throttled => $"{where} still throttled after {connection.Limits.Retries} retries ({fault.Code}); scan again later or fewer regions at once.",
            CloudFault.Unavailable => $"{where} failed on its side after {connection.Limits.Retries} retries ({fault.Code}); scan again later.",
            CloudFault.Unreachable => $"{where} could not be reached; check the network, the region's name and the source's endpoint.",
            CloudFault.Slow => $"{where} was too slow ({fault.Code}); scan again later.",
            CloudFault.TooLarge => $"{where} sent too much ({fault.Code}); nothing of it was kept as complete.",
            CloudFault.Stopped => $"{where} knows nothing of now ({fault.Code}); start the recorder or correct the aggregator, else take it away.",
            CloudFault.Endless => $"{where} pages without end ({fault.Code}); check the source's endpoint and any proxy in between, nothing of it was taken for complete.",
            CloudFault.Garbage => $"{where} answered garbage ({fault.Code}); check that the source's endpoint and any proxy in between speak to AWS.",
            { } => $"{where} failed ({fault.Code}); check that its endpoint supports {listing.Permission}.",
            null when error is OperationCanceledException => $"{where} took longer than {connection.Limits.Listing.TotalMinutes:0.#} minutes for {listing.Type}; scan fewer regions at once.",
            null => $"{where} could not be read ({error.GetType().Name}); report this as a fault of the collector.",
        };
    }

    /// <summary>Why nothing of a source can be read.</summary>
    public static string Explain(AwsException? fault, string source, string at, AwsConnection connection) => $"Source {source}: " + fault?.Fault switch
    {
        CloudFault.Credentials when Clock(connection) is { } clock => $"AWS did not accept a signature ({fault.Code}): {clock}",
        CloudFault.Credentials => $"AWS did not accept the credentials ({fault.Code}); renew them, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN for temporary ones) anew.",
        CloudFault.Denied => $"AWS refused sts:GetCallerIdentity ({fault.Code}); check the credentials and the network's endpoint policies.",
        CloudFault.Unreachable => $"no connection to {at}; check that it runs, the network, and the source's `endpoint` and `regions`.",
        CloudFault.Slow => $"{at} was too slow ({fault.Code}); check the network and the source's `endpoint`.",
        CloudFault.Throttled or CloudFault.Unavailable => $"{at} did not serve sts:GetCallerIdentity ({fault.Code}); scan again later.",
        CloudFault.Garbage or CloudFault.TooLarge or CloudFault.Endless => $"{at} answered garbage ({fault.Code}); check that the source's `endpoint` and any proxy in between speak to AWS.",
        { } => $"{at} does not serve sts:GetCallerIdentity ({fault.Code}); check the source's `endpoint`.",
        null => "AWS could not be asked who we are; check the credentials and the source's `endpoint`.",
    };

    // AWS refuses signatures of clocks that are five minutes off.
    private static string? Clock(AwsConnection connection) => connection.Ahead.Duration() < TimeSpan.FromMinutes(4) ? null
        : $"this machine's clock is {connection.Ahead.Duration().TotalMinutes:0} minutes {(connection.Ahead > TimeSpan.Zero ? "ahead of" : "behind")} AWS's; set the clock (`timedatectl set-ntp true`).";
}
