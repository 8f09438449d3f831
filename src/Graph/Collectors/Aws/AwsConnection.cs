using Amazon;
using Amazon.Runtime;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>Where and as whom a source is read: endpoint, credentials and the one HTTP client of the SDK and of our own requests.</summary>
internal sealed class AwsConnection : HttpClientFactory, IDisposable
{
    private readonly AwsTransport _transport;
    private readonly TimeProvider _time;

    public AwsConnection(AWSCredentials credentials, Uri? endpoint, CollectorLimits limits, TimeProvider time)
    {
        Credentials = credentials;
        Endpoint = endpoint;
        Limits = limits;
        _time = time;
        _transport = new AwsTransport(limits, time);
        Http = new HttpClient(_transport, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan }; // The transport has the deadlines.
    }

    public AWSCredentials Credentials { get; }

    public Uri? Endpoint { get; }

    public CollectorLimits Limits { get; }

    public HttpClient Http { get; }

    /// <summary>The time.</summary>
    public DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>How far this machine's clock is ahead of the last answer's Date.</summary>
    public TimeSpan Ahead => _transport.Ahead;

    /// <summary>Points a client of the SDK at a region through this connection. An endpoint comes from the source alone, never from the environment.</summary>
    public T Configure<T>(T config, string region)
        where T : ClientConfig
    {
        config.HttpClientFactory = this;
        config.IgnoreConfiguredEndpointUrls = true;
        config.MaxErrorRetry = 0;
        config.DisableClockSkewCorrection = true; // A wrong clock is to be said, not to be hidden.
        config.Timeout = Limits.Listing;
        if (Endpoint is null)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }
        else
        {
            config.ServiceURL = Endpoint.ToString();
            config.AuthenticationRegion = region;
        }

        return config;
    }

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => Http;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public void Dispose() => Http.Dispose();
}
