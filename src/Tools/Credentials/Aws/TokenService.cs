using Amazon;
using Amazon.Runtime;
using Amazon.SecurityToken;

namespace McpInfra.Tools.Credentials.Aws;

/// <summary>STS through a client that notes the service's clock and follows no redirect.</summary>
internal sealed class TokenService : HttpClientFactory, IDisposable
{
    private readonly DatedHandler watch;
    private readonly HttpClient http;

    public TokenService(SourceKeys credentials, string region, Uri? endpoint, TimeProvider time)
    {
        IsSession = credentials.SessionToken is not null;
        watch = DatedHandler.Open(time);
        http = new HttpClient(watch, disposeHandler: true) { MaxResponseContentBufferSize = 1 << 20 };
        Client = new AmazonSecurityTokenServiceClient(credentials, Config(region, endpoint));
    }

    public AmazonSecurityTokenServiceClient Client { get; }

    /// <summary>Whether the keys that ask are a session's; else they are a user's.</summary>
    public bool IsSession { get; }

    /// <summary>The service's clock at its last answer; null when it gave none.</summary>
    public DateTimeOffset? Date => watch.Date;

    /// <summary>Ours at that moment.</summary>
    public DateTimeOffset Here => watch.Here;

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => http;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public void Dispose()
    {
        Client.Dispose();
        http.Dispose();
    }

    private AmazonSecurityTokenServiceConfig Config(string region, Uri? endpoint)
    {
        var config = new AmazonSecurityTokenServiceConfig
        {
            HttpClientFactory = this,
            IgnoreConfiguredEndpointUrls = true, // An endpoint and its credential are one setting, never the environment's.
            DisableClockSkewCorrection = true, // A wrong clock is to be said, not to be hidden.
            MaxErrorRetry = 2,
            Timeout = TimeSpan.FromSeconds(10),
        };
        if (endpoint is null)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }
        else
        {
            config.ServiceURL = endpoint.ToString();
            config.AuthenticationRegion = region;
        }

        return config;
    }
}
