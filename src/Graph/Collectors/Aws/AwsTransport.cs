using System.Net;
using McpInfra.Graph.Collectors.Rest;
using Polly;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>
/// Sends requests of the SDK and of our own client alike: so many at once, each with a deadline and a capped answer,
/// throttled and failing ones again after a growing pause. Follows no redirect.
/// </summary>
internal sealed class AwsTransport : DelegatingHandler
{
    private readonly CollectorLimits _limits;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _gate;
    private readonly ResiliencePipeline<HttpResponseMessage> _retry;

    public AwsTransport(CollectorLimits limits, TimeProvider time)
        : base(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(5), AutomaticDecompression = DecompressionMethods.None })
    {
        _limits = limits;
        _time = time;
        _gate = new SemaphoreSlim(limits.Requests);
        _retry = Retries.Of<HttpResponseMessage>(limits, time, answer => AnswerBody.Fault(answer), answer => Pauses.AskedFor(answer, limits.LongestPause));
    }

    /// <summary>How far this machine's clock is ahead of the last answer's Date.</summary>
    public TimeSpan Ahead { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is { } content)
        {
            await content.LoadIntoBufferAsync(cancellationToken).ConfigureAwait(false); // A retry sends the same bytes again.
        }

        return await _retry.ExecuteAsync(async stop => await AttemptAsync(request, stop).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        _gate.Dispose();
        base.Dispose(disposing);
    }

    private async Task<HttpResponseMessage> AttemptAsync(HttpRequestMessage request, CancellationToken stop)
    {
        await _gate.WaitAsync(stop).ConfigureAwait(false);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(_limits.Attempt);
        try
        {
            var response = await base.SendAsync(request, deadline.Token).ConfigureAwait(false);
            Ahead = response.Headers.Date is { } there ? _time.GetUtcNow() - there : TimeSpan.Zero;
            await AnswerBody.HoldAsync(request, response, _limits, deadline.Token).ConfigureAwait(false);
            return response;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new AwsException(CloudFault.Slow, $"no answer within {_limits.Attempt.TotalSeconds:0.#} s");
        }
        finally
        {
            _gate.Release();
        }
    }
}
