using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace McpInfra.Host.Edge.Http;

/// <summary>Lets in who may come in: this host, this origin, a known bearer, not too many at once.</summary>
internal sealed class Doorkeeper(HttpOptions options, Func<HttpContext, ClaimsPrincipal?> authenticate)
{
    private int inside;

    /// <summary>Runs the rest for requests that are let in; answers the others.</summary>
    public async Task PassAsync(HttpContext context, RequestDelegate next)
    {
        if (Refusal(context) is { } status)
        {
            context.Response.StatusCode = status;
            return;
        }

        if (authenticate(context) is not { } user)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"mcp-infra\"";
            return;
        }

        try
        {
            if (Interlocked.Increment(ref inside) > options.MostConcurrent)
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                context.Response.Headers.RetryAfter = "1";
                return;
            }

            context.User = user;
            await next(context);
        }
        finally
        {
            Interlocked.Decrement(ref inside);
        }
    }

    private int? Refusal(HttpContext context)
    {
        var port = context.Connection.LocalPort;

        // A page of the web may resolve its own name to loopback; it can forge neither of these headers.
        return !IsOurs(context.Request.Host, port) ? StatusCodes.Status403Forbidden
            : context.Request.Headers.Origin is { Count: > 0 } origin && !IsOurs(origin, port) ? StatusCodes.Status403Forbidden
            : !string.Equals(context.Request.Path, options.Path, StringComparison.Ordinal) ? StatusCodes.Status404NotFound
            : null;
    }

    private bool IsOurs(HostString host, int port) =>
        host.HasValue && (host.Port ?? 80) == port && (host.Host is "localhost" or "127.0.0.1" or "[::1]" || host.Host == options.Url.Host);

    private bool IsOurs(Microsoft.Extensions.Primitives.StringValues origin, int port) =>
        origin.Count == 1 && Uri.TryCreate(origin[0], UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttp && IsOurs(new HostString(uri.Authority), port);
}
