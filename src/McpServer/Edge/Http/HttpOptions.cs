namespace McpInfra.Host.Edge.Http;

/// <summary>Where to serve over HTTP, and for whom.</summary>
/// <param name="Url">http, loopback; path /mcp if none is given; port 0 takes any.</param>
/// <param name="StateFolder">Where the bearer token's file is, made when it is missing.</param>
public sealed record HttpOptions(Uri Url, string StateFolder)
{
    /// <summary>Requests handled at once; more are turned away.</summary>
    public int MostConcurrent { get; init; } = 256;

    /// <summary>Sessions that clients of the older era may leave open.</summary>
    public int MostSessions { get; init; } = 1_000;

    /// <summary>How long such a session may be idle.</summary>
    public TimeSpan IdleSession { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>The path that is served.</summary>
    public string Path => Url.AbsolutePath is "/" or "" ? "/mcp" : Url.AbsolutePath;

    /// <summary>What is wrong with the URL and what mends it, or null.</summary>
    public string? Fault =>
        !Url.IsAbsoluteUri || Url.Scheme != Uri.UriSchemeHttp ? "--http wants a URL such as http://127.0.0.1:8080. TLS is not served; put a reverse proxy on this machine before it."
        : !Url.IsLoopback ? $"--http serves loopback only, for one token is no identity: {Url.Host} is an address that others can reach. Use http://127.0.0.1:{Url.Port} and a tunnel or a reverse proxy on this machine."
        : Url.Query.Length > 0 || Url.Fragment.Length > 0 || Url.UserInfo.Length > 0 ? "--http wants a URL without query, fragment or user."
        : null;
}
