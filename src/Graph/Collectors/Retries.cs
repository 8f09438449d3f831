using Polly;
using Polly.Retry;

namespace McpInfra.Graph.Collectors;

/// <summary>Sends a request to a cloud again when it was throttled, failed on the other side or was not answered: after a growing pause with jitter, or after the one that the cloud asks for.</summary>
internal static class Retries
{
    /// <param name="limits">How often, and how long the pauses are.</param>
    /// <param name="time">The clock.</param>
    /// <param name="fault">What an answer says is wrong; null for nothing.</param>
    /// <param name="pause">How long an answer asks to wait; null when it does not.</param>
    public static ResiliencePipeline<T> Of<T>(CollectorLimits limits, TimeProvider time, Func<T, CloudFault?> fault, Func<T, TimeSpan?> pause) =>
        new ResiliencePipelineBuilder<T> { TimeProvider = time }.AddRetry(new RetryStrategyOptions<T>
        {
            MaxRetryAttempts = limits.Retries,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = limits.FirstPause,
            MaxDelay = limits.LongestPause,
            ShouldHandle = args => new(args.Outcome switch
            {
                { Result: { } answer } => fault(answer) is CloudFault.Throttled or CloudFault.Unavailable,
                { Exception: CloudException { Fault: CloudFault.Slow } or HttpRequestException or IOException } => args.AttemptNumber < limits.RetriesWithoutAnswer,
                _ => false,
            }),
            DelayGenerator = args => new(args.Outcome.Result is { } answer ? pause(answer) : null),
        }).Build();
}
