using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace McpInfra.TestKit;

/// <summary>Moto behind an HTTPS endpoint that remembers every request, under the name `awsmoto`.</summary>
public sealed class TlsMoto : IAsyncDisposable
{
    /// <summary>The host's name, which the machine's hosts file leads to 127.0.0.1.</summary>
    public const string Host = "awsmoto";

    private static readonly HashSet<string> OfConnection = new(StringComparer.OrdinalIgnoreCase) { "Host", "Connection", "Transfer-Encoding", "Content-Length", "Content-Type" };

    private readonly HttpClient _moto;
    private TlsServer? _server;

    private TlsMoto(Uri moto) => _moto = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = moto };

    /// <summary>The TLS side.</summary>
    public TlsServer Server => _server!;

    /// <summary>host:port of the TLS side.</summary>
    public string Endpoint => $"{Host}:{Server.Port}";

    /// <summary>Every request so far.</summary>
    public ConcurrentQueue<HeardByMoto> Requests { get; } = new();

    /// <summary>An endpoint in front of a moto.</summary>
    public static async Task<TlsMoto> StartAsync(Uri moto)
    {
        var front = new TlsMoto(moto);
        front._server = await TlsServer.StartAsync(front.ForwardAsync, Host);
        return front;
    }

    /// <summary>Stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _moto.Dispose();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var bytes = body.ToArray();
        Requests.Enqueue(new HeardByMoto(
            context.Request.Method, $"{context.Request.Path}{context.Request.QueryString}", context.Request.Headers.Authorization.ToString(), context.Request.Headers["X-Amz-Target"].ToString(), System.Text.Encoding.UTF8.GetString(bytes)));
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), $"{context.Request.Path}{context.Request.QueryString}");
        if (bytes.Length > 0 || context.Request.Method == "POST")
        {
            request.Content = new ByteArrayContent(bytes);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
        }

        foreach (var (name, value) in context.Request.Headers.Where(header => !OfConnection.Contains(header.Key)))
        {
            request.Headers.TryAddWithoutValidation(name, value.ToArray());
        }

        using var answer = await _moto.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => !header.Key.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase) && !header.Key.Equals("Connection", StringComparison.OrdinalIgnoreCase)))
        {
            context.Response.Headers[name] = values.ToArray();
        }

        if (context.Request.Method != "HEAD")
        {
            await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
    }
}

/// <summary>A request as an endpoint heard it.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Target">Path and query.</param>
/// <param name="Authorization">Its signature.</param>
/// <param name="Action">X-Amz-Target; empty for none.</param>
/// <param name="Body">Its body.</param>
public sealed record HeardByMoto(string Method, string Target, string Authorization, string Action, string Body)
{
    /// <summary>What it asked for, in whichever protocol.</summary>
    public string Asked => Action.Length > 0 ? Action[(Action.LastIndexOf('.') + 1)..]
        : Body.StartsWith("Action=", StringComparison.Ordinal) ? Body["Action=".Length..].Split('&')[0]
        : $"{Method} {Target.Split('?')[0]}";
}
