namespace McpInfra.Graph.Collectors.Aws;

/// <summary>Says of a failure what was wrong and what mends it, in our own words: a service's message may name people and hosts.</summary>
internal static class AwsFailures
{
    public static string Explain(Exception error, ScopeListing listing, AwsConnection connection) =>
        CloudFailures.Explain(error, AwsException.Of(error), listing, connection.Limits, Clock(connection) ?? "renew it, or check that the region is enabled for the account");

    /// <summary>Why nothing of a source can be read.</summary>
    public static string Explain(AwsException? fault, string source, string at, AwsConnection connection) => $"Source {source}: " + fault?.Fault switch
    {
        CloudFault.Credentials when Clock(connection) is { } clock => $"AWS did not accept a signature ({fault.Code}); {clock}.",
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
        : $"this machine's clock is {connection.Ahead.Duration().TotalMinutes:0} minutes {(connection.Ahead > TimeSpan.Zero ? "ahead of" : "behind")} AWS's; set the clock (`timedatectl set-ntp true`)";
}
