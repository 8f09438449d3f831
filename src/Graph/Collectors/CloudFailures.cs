namespace McpInfra.Graph.Collectors;

/// <summary>Says of a listing that failed what was wrong and what mends it, in our own words: a service's message may name people and hosts.</summary>
internal static class CloudFailures
{
    /// <param name="error">What was thrown.</param>
    /// <param name="fault">What that means; null for what no cloud said.</param>
    /// <param name="listing">What was read.</param>
    /// <param name="limits">How far it went.</param>
    /// <param name="credential">What mends a credential that was not accepted.</param>
    public static string Explain(Exception error, CloudException? fault, ScopeListing listing, CollectorLimits limits, string credential)
    {
        var where = listing.Account is { } account ? $"{listing.Service} of {account}" : listing.Service;
        where = listing.Region is { } region ? $"{where} in {region}" : where;
        return fault?.Fault switch
        {
            CloudFault.Denied => $"{where} refused ({fault.Code}); allow {listing.Permission} to the identity that scans.",
            CloudFault.Credentials => $"{where} did not accept the credential ({fault.Code}); {credential}.",
            CloudFault.Throttled => $"{where} still throttled after {limits.Retries} retries ({fault.Code}); scan again later, or less at once.",
            CloudFault.Unavailable => $"{where} failed on its side after {limits.Retries} retries ({fault.Code}); scan again later.",
            CloudFault.Unreachable => $"{where} could not be reached; check the network and the source's endpoint and regions.",
            CloudFault.Slow => $"{where} was too slow ({fault.Code}); scan again later.",
            CloudFault.TooLarge => $"{where} sent too much ({fault.Code}); nothing of it was taken for complete.",
            CloudFault.Garbage => $"{where} answered garbage ({fault.Code}); check the source's endpoint and any proxy in between.",
            CloudFault.Endless => $"{where} pages without end ({fault.Code}); check the source's endpoint and any proxy in between, nothing of it was taken for complete.",
            CloudFault.Incomplete => $"{where} was not read to its end ({fault.Code}); nothing of it was taken for complete.",
            CloudFault.Missing => $"{where} knows no such thing ({fault.Code}); check the names in the source's settings, and that the service is enabled and its endpoint supports {listing.Permission}.",
            CloudFault.Expired => $"{where} forgot its place in the listing ({fault.Code}); scan again.",
            CloudFault.Stopped => $"{where} knows nothing of now ({fault.Code}); start the recorder or correct the aggregator, else take it away.",
            { } => $"{where} failed ({fault.Code}); check that its endpoint supports {listing.Permission}.",
            null when error is SourceException => error.Message,
            null when error is OperationCanceledException => $"{where} took longer than {limits.Listing.TotalMinutes:0.#} minutes for {listing.Type}; name fewer scopes in the source.",
            null => $"{where} could not be read ({error.GetType().Name}); report this as a fault of the collector.",
        };
    }
}
