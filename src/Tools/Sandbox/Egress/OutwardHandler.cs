namespace McpInfra.Tools.Sandbox.Egress;

/// <summary>How this server itself asks strangers' hosts: never at a forbidden address, at the very address that was looked at, without cookies or redirects.</summary>
internal static class OutwardHandler
{
    /// <summary>A transport of its own.</summary>
    public static SocketsHttpHandler Open() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        ConnectCallback = static (context, stop) => ForbiddenAddress.ConnectAsync(context.DnsEndPoint, stop),
        MaxResponseHeadersLength = 64,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
    };
}
