using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace McpInfra.TestKit;

/// <summary>A cloud's REST API on loopback: it answers what a test says for a method and path, 404 for anything else, and remembers what it was asked.</summary>
public sealed class WireCloud : IAsyncDisposable
{
    private readonly LoopbackServer server;
    private readonly ConcurrentQueue<Asked> requests;
    private readonly List<Func<Asked, CloudAnswer?>> answers;

    private WireCloud(LoopbackServer server, ConcurrentQueue<Asked> requests, List<Func<Asked, CloudAnswer?>> answers) => (this.server, this.requests, this.answers) = (server, requests, answers);

    /// <summary>Where it listens.</summary>
    public Uri Endpoint => server.Endpoint;

    /// <summary>Every request so far.</summary>
    public IReadOnlyCollection<Asked> Requests => requests;

    /// <summary>One that knows nothing.</summary>
    public static async Task<WireCloud> StartAsync()
    {
        var requests = new ConcurrentQueue<Asked>();
        var answers = new List<Func<Asked, CloudAnswer?>>();
        return new WireCloud(await LoopbackServer.StartAsync(context => AnswerAsync(context, requests, answers)), requests, answers);
    }

    /// <summary>From now on answers so, before whatever was said earlier; null leaves the request to that.</summary>
    public WireCloud On(Func<Asked, CloudAnswer?> answer)
    {
        lock (answers)
        {
            answers.Insert(0, answer);
        }

        return this;
    }

    /// <summary>From now on answers a path so.</summary>
    public WireCloud On(string method, string path, Func<Asked, CloudAnswer> answer) => On(asked => asked.Method == method && asked.Path == path ? answer(asked) : null);

    /// <inheritdoc cref="On(string, string, Func{Asked, CloudAnswer})"/>
    public WireCloud On(string method, string path, string body, int status = 200) => On(method, path, _ => new CloudAnswer(body, status));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => server.DisposeAsync();

    private static async Task AnswerAsync(HttpContext context, ConcurrentQueue<Asked> requests, List<Func<Asked, CloudAnswer?>> answers)
    {
        using var reader = new StreamReader(context.Request.Body);
        var asked = new Asked(
            context.Request.Method, context.Request.Path, context.Request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString()), await reader.ReadToEndAsync(context.RequestAborted),
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));
        requests.Enqueue(asked);
        Func<Asked, CloudAnswer?>[] told;
        lock (answers)
        {
            told = [.. answers];
        }

        var answer = told.Select(one => one(asked)).FirstOrDefault(one => one is not null) ?? new CloudAnswer("""{"error":{"code":"NotFound","message":"nothing was told of this"}}""", 404);
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        foreach (var (name, value) in answer.Headers ?? [])
        {
            context.Response.Headers[name] = value;
        }

        if (answer.CutAt is { } cut)
        {
            context.Response.ContentLength = answer.Body.Length + 1000;
            await context.Response.WriteAsync(answer.Body[..cut], context.RequestAborted);
            context.Abort();
            return;
        }

        await context.Response.WriteAsync(answer.Body, context.RequestAborted);
    }

    /// <summary>A request as the wire brought it.</summary>
    /// <param name="Method">HTTP method.</param>
    /// <param name="Path">Path without the query.</param>
    /// <param name="Query">Query parameters.</param>
    /// <param name="Body">Body.</param>
    /// <param name="Headers">Headers.</param>
    public sealed record Asked(string Method, string Path, IReadOnlyDictionary<string, string> Query, string Body, IReadOnlyDictionary<string, string> Headers)
    {
        /// <summary>The body as JSON.</summary>
        public JsonElement Json => JsonElement.Parse(Body);

        /// <summary>Authorization header.</summary>
        public string Authorization => Headers.GetValueOrDefault("Authorization") ?? "";
    }
}

/// <summary>What a cloud answers.</summary>
/// <param name="Body">Body.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="ContentType">Content type.</param>
/// <param name="Headers">Further headers.</param>
/// <param name="CutAt">Where the connection breaks within the body; null for nowhere.</param>
public sealed record CloudAnswer(string Body, int Status = 200, string ContentType = "application/json; charset=utf-8", IReadOnlyList<(string Name, string Value)>? Headers = null, int? CutAt = null);
