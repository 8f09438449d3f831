using System.Net.Http.Headers;
using System.Text.Json;
using Polly;

namespace McpInfra.Graph.Collectors.Rest;

/// <summary>
/// Asks one host for JSON as one identity, which is sent nowhere else: so many requests at once, each with a deadline and a capped answer,
/// throttled and failing ones again after a growing pause. Follows no redirect.
/// </summary>
internal sealed class RestClient : IDisposable
{
    private readonly Uri origin;
    private readonly IRequestSigner signer;
    private readonly CollectorLimits limits;
    private readonly HttpClient http;
    private readonly SemaphoreSlim gate;
    private readonly Quota quota;
    private readonly ResiliencePipeline<RestAnswer> retry;

    /// <param name="origin">The endpoint; paths are relative to its authority.</param>
    /// <param name="signer">Who asks.</param>
    /// <param name="limits">How far it goes.</param>
    /// <param name="time">The clock.</param>
    /// <param name="transport">A transport that follows no redirect; null for one with the machine's own trust.</param>
    public RestClient(Uri origin, IRequestSigner signer, CollectorLimits limits, TimeProvider time, HttpMessageHandler? transport = null)
    {
        (this.origin, this.signer, this.limits) = (new Uri(origin.GetLeftPart(UriPartial.Authority)), signer, limits);
        http = new HttpClient(transport ?? Transport(), disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan }; // Each attempt has a deadline.
        gate = new SemaphoreSlim(limits.Requests);
        quota = new Quota(limits, time);
        retry = Retries.Of<RestAnswer>(limits, time, answer => answer.Failure?.Fault, answer => answer.RetryAfter);
    }

    public CollectorLimits Limits => limits;

    /// <summary>The host that it asks.</summary>
    public Uri Origin => origin;

    /// <summary>A transport to the network.</summary>
    public static SocketsHttpHandler Transport() => new() { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(10) };

    /// <summary>The object that a path answers.</summary>
    /// <param name="path">Path and query.</param>
    /// <param name="stop">Ends it.</param>
    /// <param name="accept">Forms that are accepted.</param>
    /// <param name="strip">Takes out of the answer what is not to be parsed; null for nothing.</param>
    /// <exception cref="RestException">It did not answer one.</exception>
    public Task<JsonElement> GetAsync(string path, CancellationToken stop, string accept = "application/json", Func<byte[], byte[]>? strip = null) =>
        SendAsync(HttpMethod.Get, path, null, accept, strip, stop);

    /// <summary>The object that a query answers; a query changes nothing.</summary>
    /// <param name="path">Path and query.</param>
    /// <param name="query">What is asked, as JSON.</param>
    /// <param name="stop">Ends it.</param>
    /// <param name="pageHeader">Header that names the next page, which becomes <see cref="RestAnswer.NextPage"/> of the object; null for none.</param>
    /// <exception cref="RestException">It did not answer one.</exception>
    public Task<JsonElement> QueryAsync(string path, object query, CancellationToken stop, string? pageHeader = null) =>
        SendAsync(HttpMethod.Post, path, JsonSerializer.SerializeToUtf8Bytes(query), "application/json", null, stop, pageHeader);

    public void Dispose()
    {
        http.Dispose();
        gate.Dispose();
    }

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, byte[]? body, string accept, Func<byte[], byte[]>? strip, CancellationToken stop, string? pageHeader = null)
    {
        var address = new Uri(origin, path);
        if (address.Authority != origin.Authority || address.Scheme != origin.Scheme)
        {
            throw new RestException(CloudFault.Garbage, "a path that leads to another host");
        }

        var answer = await retry.ExecuteAsync(async stopping => await AttemptAsync(method, address, body, accept, stopping), stop);
        return pageHeader is null ? answer.Json(strip) : answer.Json(pageHeader);
    }

    private async Task<RestAnswer> AttemptAsync(HttpMethod method, Uri address, byte[]? body, string accept, CancellationToken stop)
    {
        await gate.WaitAsync(stop);
        try
        {
            await quota.WaitAsync(stop);
            using var request = new HttpRequestMessage(method, address);
            request.Headers.TryAddWithoutValidation("Accept", accept);
            if (body is not null)
            {
                request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            }

            await signer.SignAsync(request, stop);
            return await SendAsync(request, stop);
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<RestAnswer> SendAsync(HttpRequestMessage request, CancellationToken stop)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(limits.Attempt);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            quota.Note(response);
            return await RestAnswer.ReadAsync(response, limits, deadline.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new RestException(CloudFault.Slow, $"no answer within {limits.Attempt.TotalSeconds:0.#} s");
        }
    }
}
