using McpInfra.TestKit;
using Microsoft.AspNetCore.Http;

namespace McpInfra.Tools.Tests.Proposals;

/// <summary>Stands between us and a forge and passes everything on, but for what it is told to spoil.</summary>
internal sealed class Between : IAsyncDisposable
{
    private readonly HttpClient forge;
    private LoopbackServer server = null!;

    private Between(Uri forge) => this.forge = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = forge };

    public Uri Endpoint => server.Endpoint;

    /// <summary>Which requests are answered with 502.</summary>
    public Func<HttpRequest, bool>? FailOn { get; set; }

    /// <summary>Whether a spoiled request reaches the forge all the same, as when a connection is lost on the way back.</summary>
    public bool FailsAfterReaching { get; set; }

    /// <summary>Labels are put on with this instead: npm's emulate wants the permission `issues` for them, where GitHub is content with `pull_requests`.</summary>
    public string? LabelToken { get; set; }

    /// <summary>Where and how requests with a token of an installation are redirected.</summary>
    public (int Status, Uri To)? RedirectTo { get; set; }

    /// <summary>What requests with a token of an installation are answered.</summary>
    public (int Status, string Body)? Answer { get; set; }

    public static async Task<Between> StartAsync(Uri forge)
    {
        var between = new Between(forge);
        between.server = await LoopbackServer.StartAsync(between.PassAsync);
        return between;
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        forge.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        var request = context.Request;
        var forInstallation = request.Path.StartsWithSegments("/repos", StringComparison.Ordinal) && !request.Path.Value!.EndsWith("/installation", StringComparison.Ordinal);
        if (RedirectTo is { } redirect && forInstallation)
        {
            context.Response.StatusCode = redirect.Status;
            context.Response.Headers.Location = new Uri(redirect.To, request.Path.Value).ToString();
        }
        else if (Answer is { } answer && forInstallation)
        {
            context.Response.StatusCode = answer.Status;
            await context.Response.WriteAsync(answer.Body);
        }
        else if (FailOn?.Invoke(request) is true)
        {
            if (FailsAfterReaching)
            {
                using var lost = await ForwardAsync(request);
            }

            context.Response.StatusCode = StatusCodes.Status502BadGateway;
        }
        else
        {
            using var passed = await ForwardAsync(request);
            context.Response.StatusCode = (int)passed.StatusCode;
            context.Response.ContentType = passed.Content.Headers.ContentType?.ToString();
            await context.Response.Body.WriteAsync(await passed.Content.ReadAsByteArrayAsync());
        }
    }

    private async Task<HttpResponseMessage> ForwardAsync(HttpRequest request)
    {
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), request.Path.Value + request.QueryString.Value);
        message.Headers.TryAddWithoutValidation("Authorization", LabelToken is { } token && request.Path.Value!.EndsWith("/labels", StringComparison.Ordinal) ? $"Bearer {token}" : request.Headers.Authorization.ToString());
        message.Headers.TryAddWithoutValidation("User-Agent", request.Headers.UserAgent.ToString());
        if (request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0)
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            message.Content = new ByteArrayContent(body.ToArray());
            message.Content.Headers.TryAddWithoutValidation("Content-Type", request.ContentType);
        }

        return await forge.SendAsync(message);
    }
}
