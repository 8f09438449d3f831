using System.Net;
using System.Security.Cryptography;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.State.Backends;

/// <summary>
/// Reads over HTTP: GET alone, no redirect followed, no cookie kept, bounded in size and time, tried three times where the server or the network fails.
/// </summary>
/// <param name="handler">Sends requests; null for the system's.</param>
/// <param name="time">The clock.</param>
public sealed class StateHttp(HttpMessageHandler? handler, TimeProvider time) : IDisposable
{
    private const int MostTries = 3;
    private const int MostMetadata = 1 << 20;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(300);

    private readonly HttpClient client = new(handler ?? OutwardHandler.Open()) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>The answer to a GET: a body when the status is 200, else none.</summary>
    /// <exception cref="StateException">No answer came in time, or it is too large.</exception>
    public async Task<StateAnswer> GetAsync(Func<HttpRequestMessage> request, StateLimits limits, CancellationToken stop, bool metadata = false)
    {
        using var total = new CancellationTokenSource(limits.Time, time);
        for (var tried = 1; ; tried++)
        {
            using var silence = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
            using var until = CancellationTokenSource.CreateLinkedTokenSource(stop, total.Token, silence.Token);
            try
            {
                var answer = await OnceAsync(request, metadata ? limits with { Bytes = MostMetadata } : limits, silence, until.Token);
                if (tried == MostTries || !IsPassing(answer.Status))
                {
                    return answer;
                }
            }
            catch (OperationCanceledException exception) when (!stop.IsCancellationRequested)
            {
                throw new StateException("The stack's backend does not answer, or not to the end. Check that it runs and that this server may reach it, and plan again.", exception);
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException)
            {
                if (exception.InnerException is ForbiddenAddressException)
                {
                    throw new StateException("The stack's backend leads to a link-local, metadata or other forbidden address; nothing was asked there. Name the backend's own address.", exception);
                }

                if (tried == MostTries)
                {
                    throw new StateException("The stack's backend cannot be reached, or it broke off. Check its address, its certificate and the network, and plan again.", exception);
                }
            }

            await Task.Delay(FirstPause * tried * (0.5 + RandomNumberGenerator.GetInt32(1000) / 1000.0), time, stop);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    private async Task<StateAnswer> OnceAsync(Func<HttpRequestMessage> make, StateLimits limits, CancellationTokenSource silence, CancellationToken until)
    {
        using var request = make();
        silence.CancelAfter(limits.Silence);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, until);
        var body = response.StatusCode is HttpStatusCode.OK
            ? await StateBytes.ReadAsync(await response.Content.ReadAsStreamAsync(until), response.Content.Headers.ContentLength, limits, silence, until)
            : null;
        return new StateAnswer(response.StatusCode, body, Header(response, "x-ms-lease-status"), Header(response, "x-ms-error-code"), response.Content.Headers.ContentMD5);
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    private static bool IsPassing(HttpStatusCode status) => status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError;
}

/// <summary>What a backend answered.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Body">Its body, of status 200 only.</param>
/// <param name="Lease">The header x-ms-lease-status.</param>
/// <param name="Error">The header x-ms-error-code.</param>
/// <param name="Md5">The body's MD5 as the server computed it.</param>
public sealed record StateAnswer(HttpStatusCode Status, byte[]? Body, string? Lease, string? Error, byte[]? Md5)
{
    /// <summary>The refusal of an answer that is neither a state nor the absence of one.</summary>
    /// <param name="what">What was asked, in our own words.</param>
    public StateException Refused(string what) => new(Status switch
    {
        HttpStatusCode.Unauthorized => $"{what} did not accept the credential. Check the credential that the stack's settings name; it may have ended.",
        HttpStatusCode.Forbidden => $"The credential may not read this stack's state from {what}. Let it read that one state; it needs no more.",
        >= HttpStatusCode.Ambiguous and < HttpStatusCode.BadRequest => $"{what} sends elsewhere, and redirects are not followed with a credential. Name the address itself.",
        >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests => $"{what} failed with status {(int)Status}. Plan again later.",
        _ => $"{what} answered with status {(int)Status}. Check where the stack's backend says that the state lies.",
    });
}
