namespace McpInfra.Graph.Collectors.Rest;

/// <summary>Says of a failure what was wrong and what mends it, in our own words: a service's message may name people and hosts.</summary>
internal static class RestFailures
{
    public static string Explain(Exception error, ScopeListing listing, CollectorLimits limits)
    {
        var where = listing.Account is { } account ? $"{listing.Service} of {account}" : listing.Service;
        where = listing.Region is { } region ? $"{where} in {region}" : where;
        var fault = RestException.Of(error);
        return fault?.Fault switch
        {
            CloudFault.Denied => $"{where} refused ({fault.Code}); allow {listing.Permission} to the identity that scans.",
            CloudFault.Credentials => $"{where} did not accept the credential ({fault.Code}); renew it, and check the clock of this machine.",
            CloudFault.Throttled => $"{where} still throttled after {limits.Retries} retries ({fault.Code}); scan again later.",
            CloudFault.Unavailable => $"{where} failed on its side after {limits.Retries} retries ({fault.Code}); scan again later.",
            CloudFault.Unreachable => $"{where} could not be reached; check the network and the source's endpoint.",
            CloudFault.Slow => $"{where} was too slow ({fault.Code}); scan again later.",
            CloudFault.TooLarge => $"{where} sent too much ({fault.Code}); nothing of it was taken for complete.",
            CloudFault.Garbage => $"{where} answered garbage ({fault.Code}); check the source's endpoint and any proxy in between.",
            CloudFault.Endless => $"{where} pages without end ({fault.Code}); check the source's endpoint and any proxy in between, nothing of it was taken for complete.",
            CloudFault.Incomplete => $"{where} was not read to its end ({fault.Code}); nothing of it was taken for complete.",
            CloudFault.Missing => $"{where} knows no such thing ({fault.Code}); check the names in the source's settings, and that the service is enabled.",
            CloudFault.Expired => $"{where} forgot its place in the listing ({fault.Code}); scan again.",
            { } => $"{where} failed ({fault.Code}); check that the endpoint supports {listing.Permission}.",
            null when error is SourceException => error.Message,
            null when error is OperationCanceledException => $"{where} took longer than {limits.Listing.TotalMinutes:0.#} minutes; name fewer scopes in the source.",
            null => $"{where} could not be read ({error.GetType().Name}); report this as a fault of the collector.",
        };
    }
}
