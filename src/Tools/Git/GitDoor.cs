using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Git;

/// <summary>
/// One repository over https as git sees it: an address on loopback under a secret path, open while one command runs. What git asks there is asked by us, for reads of that repository alone:
/// a name is looked up once and only where it led is reached, no redirect is followed, a login is added out of git's sight, and more than a size ends it.
/// </summary>
internal sealed class GitDoor : IAsyncDisposable
{
    private const long MostBytes = 512L << 20;
    private const int MostAsked = 16 << 20;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ending = new();
    private readonly string secret = "/" + RandomNumberGenerator.GetHexString(32, lowercase: true);
    private readonly string repository;
    private readonly GitAccess access;
    private readonly HttpClient client;
    private readonly Task serving;
    private long left = MostBytes;

    private GitDoor(string repository, GitAccess access)
    {
        (this.repository, this.access) = (repository.TrimEnd('/'), access);
        client = new HttpClient(access.Handler ?? OutwardHandler.Open(), disposeHandler: access.Handler is null) { Timeout = Timeout.InfiniteTimeSpan };
        listener.Start();
        Url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}{secret}");
        serving = ServeAsync(ending.Token);
    }

    /// <summary>The repository's address for git.</summary>
    public string Url { get; }

    /// <summary>Why something was refused; null when nothing was.</summary>
    public string? Fault { get; private set; }

    /// <summary>Opens one.</summary>
    /// <param name="repository">https address of the repository.</param>
    /// <param name="access">How it is reached.</param>
    public static GitDoor Open(string repository, GitAccess access) => new(repository, access);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        listener.Dispose();
        await serving;
        client.Dispose();
        ending.Dispose();
    }

    // git asks one thing after another.
    private async Task ServeAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var near = await listener.AcceptTcpClientAsync(stop);
                await AnswerAsync(near.GetStream(), stop);
            }
            catch (Exception exception) when (exception is IOException or InvalidDataException or SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // That request is lost, and git says so.
            }
            catch (HttpRequestException exception)
            {
                Fault = exception.InnerException is ForbiddenAddressException ? "leads to a link-local, metadata or other forbidden address" : "cannot be reached";
            }
        }
    }

    private async Task AnswerAsync(NetworkStream near, CancellationToken stop)
    {
        var reader = new BufferedReader(near);
        var head = await HttpHead.ReadAsync(reader, stop) is { } text ? HttpHead.Parse(text) : null;
        if (head is null || !IsRead(head))
        {
            await RefuseAsync(near, stop);
            return;
        }

        using var request = new HttpRequestMessage(new HttpMethod(head.Method), repository + head.Target[secret.Length..]) { Content = await BodyAsync(reader, head, stop) };
        foreach (var name in new[] { "Accept", "Git-Protocol" })
        {
            request.Headers.TryAddWithoutValidation(name, head.All(name));
        }

        request.Headers.Authorization = access.Login;
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        Fault = (int)answer.StatusCode switch
        {
            200 => Fault,
            >= 300 and < 400 => "redirects elsewhere, and redirects are not followed",
            401 or 403 => "wants a login, or does not accept the one that it got",
            404 => "is not there, or wants a login",
            var status => string.Create(CultureInfo.InvariantCulture, $"answers with status {status}"),
        };
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            await RefuseAsync(near, stop);
            return;
        }

        await near.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: {Media(answer)}\r\nConnection: close\r\n\r\n"), stop);
        await PourAsync(await answer.Content.ReadAsStreamAsync(stop), near, stop);
    }

    // What git asks of the smart protocol to read, and nothing else: no push, no dumb protocol, no other repository.
    private bool IsRead(HttpHead head) =>
        (head.Method == "GET" && head.Target == secret + "/info/refs?service=git-upload-pack") || (head.Method == "POST" && head.Target == secret + "/git-upload-pack");

    private static async Task<ByteArrayContent?> BodyAsync(BufferedReader reader, HttpHead head, CancellationToken stop)
    {
        using var sized = new MemoryStream();
        switch (head.Form(out var length))
        {
            case BodyForm.None:
                return null;
            case BodyForm.Sized when length <= MostAsked:
                await reader.CopyAsync(sized, length, stop);
                break;
            case BodyForm.Chunked:
                sized.Write(await reader.ChunksAsync(MostAsked, stop));
                break;
            default:
                throw new InvalidDataException();
        }

        var body = new ByteArrayContent(sized.ToArray());
        foreach (var name in new[] { "Content-Type", "Content-Encoding" })
        {
            body.Headers.TryAddWithoutValidation(name, head.All(name));
        }

        return body;
    }

    // Only what git knows may stand in the head that is written for it.
    private static string Media(HttpResponseMessage answer) => answer.Content.Headers.ContentType?.MediaType is { } media && media.StartsWith("application/x-git-upload-pack-", StringComparison.Ordinal) ? media : "text/plain";

    private async Task PourAsync(Stream from, NetworkStream near, CancellationToken stop)
    {
        var piece = new byte[64 << 10];
        for (int read; (read = await from.ReadAsync(piece, stop)) > 0;)
        {
            left -= read;
            if (left < 0)
            {
                Fault = $"is larger than {MostBytes >> 20} MB";
                return;
            }

            await near.WriteAsync(piece.AsMemory(0, read), stop);
        }
    }

    private static async Task RefuseAsync(NetworkStream near, CancellationToken stop) => await near.WriteAsync("HTTP/1.1 404 Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), stop);
}

/// <summary>How a repository over https is reached.</summary>
internal sealed class GitAccess
{
    /// <summary>Makes the requests; null for the real one.</summary>
    public HttpMessageHandler? Handler { get; init; }

    /// <summary>The login that git does not see; null for none.</summary>
    public AuthenticationHeaderValue? Login { get; init; }
}
