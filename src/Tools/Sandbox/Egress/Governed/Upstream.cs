using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace McpInfra.Tools.Sandbox.Egress;

/// <summary>Sends what gates forward: TLS verified against the known authorities, HTTP/1.1, no redirect followed, no cookie kept, no proxy used, nothing added.</summary>
internal sealed class Upstream : IDisposable
{
    private const int MostConnections = 64;
    private const int MostHeadKilobytes = 64;
    private const int MostAnswer = 4 << 20;

    private static readonly UriCreationOptions Exactly = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly HttpMessageInvoker http;
    private readonly TimeSpan patience;

    /// <param name="connect">Opens a connection to an endpoint, its address checked.</param>
    /// <param name="outside">Whose authorities are believed.</param>
    /// <param name="limits">Deadlines.</param>
    public Upstream(Func<Endpoint, CancellationToken, Task<Stream>> connect, Outside outside, EgressLimits limits)
    {
        patience = limits.Answer;
        http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            Credentials = null,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            ConnectTimeout = limits.Connect,
            MaxConnectionsPerServer = MostConnections,
            MaxResponseHeadersLength = MostHeadKilobytes,
            MaxResponseDrainSize = 0,
            PooledConnectionIdleTimeout = limits.Idle,
            RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
            ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1,
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Trust(outside.Authorities) },
            ConnectCallback = async (context, stop) => await connect(new Endpoint(context.DnsEndPoint.Host.Trim('[', ']'), context.DnsEndPoint.Port), stop),
        });
    }

    /// <summary>Sends; the answer's body is not read yet.</summary>
    /// <exception cref="HttpRequestException">It could not be reached, or is not whom it says it is.</exception>
    public async Task<HttpResponseMessage> SendAsync(Endpoint endpoint, bool secure, ForwardedRequest forwarded, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(forwarded.Method), new Uri($"{(secure ? "https" : "http")}://{endpoint}{forwarded.Target}", Exactly))
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (!forwarded.Body.IsEmpty || forwarded.Method is "POST" or "PUT" or "PATCH")
        {
            request.Content = new ReadOnlyMemoryContent(forwarded.Body);
        }

        foreach (var (name, value) in forwarded.Fields)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return await http.SendAsync(request, stop);
    }

    /// <summary>Sends, and reads the whole answer.</summary>
    /// <exception cref="GateRefusedException">There is none, or it is too large.</exception>
    public async Task<GateReply> AskAsync(Endpoint endpoint, bool secure, ForwardedRequest request, CancellationToken stop)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(patience);
        try
        {
            using var answer = await SendAsync(endpoint, secure, request, deadline.Token);
            await using var body = await answer.Content.ReadAsStreamAsync(deadline.Token);
            var (content, cut) = await AnswerWriter.ReadAsync(body, MostAnswer, deadline.Token);
            return cut ? throw new GateRefusedException(502, "an answer that the proxy needs is too large")
                : new GateReply((int)answer.StatusCode, answer.Content.Headers.ContentType?.ToString() ?? "", content, [.. Fields(answer)]);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is OperationCanceledException && !stop.IsCancellationRequested))
        {
            throw new GateRefusedException(502, "what the proxy must know first could not be asked: the endpoint does not answer, or is not to be trusted");
        }
    }

    /// <summary>The answer's fields that may go back to the run.</summary>
    public static IEnumerable<HttpField> Fields(HttpResponseMessage answer) =>
        Of(answer.Headers).Concat(Of(answer.Content.Headers)).Where(field => !HttpHead.IsOfConnection(field.Name) && field.Name.ToLowerInvariant() is not ("transfer-encoding" or "content-length" or "set-cookie" or "alt-svc" or "location"));

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private static IEnumerable<HttpField> Of(HttpHeaders headers) =>
        headers.NonValidated.SelectMany(header => header.Value.Select(value => new HttpField(header.Key, value)));

    private static X509ChainPolicy? Trust(X509Certificate2Collection? authorities)
    {
        if (authorities is null)
        {
            return null;
        }

        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }
}
