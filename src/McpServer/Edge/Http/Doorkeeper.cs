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
        if (Refusal(context) is var (status, why))
        {
            await RefuseAsync(context, status, why);
            return;
        }

        if (authenticate(context) is not { } user)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"mcp-infra\"";
            await RefuseAsync(context, StatusCodes.Status401Unauthorized, "No valid bearer token. Send the header `Authorization: Bearer TOKEN` with the token of the file that the server named when it started.");
            return;
        }

        try
        {
            if (Interlocked.Increment(ref inside) > options.MostConcurrent)
            {
                context.Response.Headers.RetryAfter = "1";
                await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "Too many requests at once. Send it again in a second.");
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

    private (int Status, string Why)? Refusal(HttpContext context)
    {
        var port = context.Connection.LocalPort;

        // A page of the web may resolve its own name to loopback; it can forge neither of these headers.
        return !IsOurs(context.Request.Host, port) ? (StatusCodes.Status403Forbidden, "The Host header names another server. Use the address that the server named when it started.")
            : context.Request.Headers.Origin is { Count: > 0 } origin && !IsOurs(origin, port) ? (StatusCodes.Status403Forbidden, "Pages of other origins may not use this server.")
            : !string.Equals(context.Request.Path, options.Path, StringComparison.Ordinal) ? (StatusCodes.Status404NotFound, $"There is nothing here. MCP is at {options.Path}.")
            : null;
    }

    private static Task RefuseAsync(HttpContext context, int status, string why)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(why + "\n", context.RequestAborted);
    }

    private bool IsOurs(HostString host, int port) =>
        host.HasValue && (host.Port ?? 80) == port && (host.Host is "localhost" or "127.0.0.1" or "[::1]" || host.Host == options.Url.Host);

    private bool IsOurs(Microsoft.Extensions.Primitives.StringValues origin, int port) =>
        origin.Count == 1 && Uri.TryCreate(origin[0], UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttp && IsOurs(new HostString(uri.Authority), port);
}
