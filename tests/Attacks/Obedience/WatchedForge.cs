using System.Collections.Concurrent;
using System.Text;
using McpInfra.TestKit;

namespace McpInfra.Attacks.Obedience;

/// <summary>Stands before a forge, passes everything on and remembers what was asked, but for the credential that it was asked with.</summary>
internal sealed class WatchedForge : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> asked = new();
    private readonly HttpClient upstream;
    private LoopbackServer server = null!;

    private WatchedForge(Uri forge) => upstream = new HttpClient { BaseAddress = forge };

    /// <summary>Where it listens.</summary>
    public Uri Endpoint => server.Endpoint;

    /// <summary>Method, path, query, headers and body of each request.</summary>
    public IReadOnlyCollection<string> Asked => asked;

    /// <summary>Starts it.</summary>
    public static async Task<WatchedForge> StartAsync(Uri forge)
    {
        var watched = new WatchedForge(forge);
        watched.server = await LoopbackServer.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
            var (request, body) = (context.Request, await reader.ReadToEndAsync());
            watched.asked.Enqueue($"{request.Method} {request.Path}{request.QueryString} {string.Join(' ', request.Headers.Where(header => header.Key != "Authorization"))} {body}");
            using var passed = new HttpRequestMessage(new HttpMethod(request.Method), request.Path.Value!.TrimStart('/') + request.QueryString);
            passed.Headers.TryAddWithoutValidation("Authorization", request.Headers.Authorization.ToString());
            passed.Headers.TryAddWithoutValidation("Accept", request.Headers.Accept.ToString());
            passed.Content = body.Length > 0 ? new StringContent(body, Encoding.UTF8, "application/json") : null;
            using var answer = await watched.upstream.SendAsync(passed, context.RequestAborted);
            context.Response.StatusCode = (int)answer.StatusCode;
            context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        });
        return watched;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        upstream.Dispose();
    }
}
