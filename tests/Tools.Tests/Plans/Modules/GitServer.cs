using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace McpInfra.Tools.Tests.Plans.Modules;

/// <summary>The real server side of git over https, `git http-backend`, behind a handler instead of a socket; other addresses answer as told.</summary>
internal sealed class GitServer : HttpMessageHandler
{
    private readonly Dictionary<string, Func<HttpRequestMessage, HttpResponseMessage>> pages = [];

    /// <summary>Repositories by the address that they answer at.</summary>
    public Dictionary<string, string> Repositories { get; } = [];

    /// <summary>What was asked, in order.</summary>
    public List<Uri> Asked { get; } = [];

    /// <summary>Logins that came, by host.</summary>
    public List<(string Host, string Login)> Logins { get; } = [];

    /// <summary>The login that every repository wants; null for none.</summary>
    public string? Wants { get; set; }

    public Func<HttpRequestMessage, HttpResponseMessage> this[string url]
    {
        set => pages[url] = value;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var url = request.RequestUri!;
        Asked.Add(url);
        if (request.Headers.Authorization is { } login)
        {
            Logins.Add((url.Authority, login.ToString()));
        }

        return pages.TryGetValue(url.AbsoluteUri, out var page) ? page(request)
            : Repositories.FirstOrDefault(one => url.AbsoluteUri.StartsWith(one.Key + "/", StringComparison.Ordinal)) is { Key: { } at } known
                ? Wants is { } wanted && request.Headers.Authorization?.ToString() != wanted ? new HttpResponseMessage(HttpStatusCode.Unauthorized) : await BackendAsync(request, known.Value, url.AbsolutePath[new Uri(at).AbsolutePath.Length..], cancellationToken)
            : new HttpResponseMessage(HttpStatusCode.NotFound);
    }

    private static async Task<HttpResponseMessage> BackendAsync(HttpRequestMessage request, string root, string path, CancellationToken stop)
    {
        var start = new ProcessStartInfo("git", ["http-backend"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["GIT_PROJECT_ROOT"] = root;
        start.Environment["GIT_HTTP_EXPORT_ALL"] = "1";
        start.Environment["GIT_CONFIG_COUNT"] = "1";
        start.Environment["GIT_CONFIG_KEY_0"] = "uploadpack.allowAnySHA1InWant";
        start.Environment["GIT_CONFIG_VALUE_0"] = "true";
        start.Environment["PATH_INFO"] = path;
        start.Environment["QUERY_STRING"] = request.RequestUri!.Query.TrimStart('?');
        start.Environment["REQUEST_METHOD"] = request.Method.Method;
        start.Environment["GIT_PROTOCOL"] = request.Headers.TryGetValues("Git-Protocol", out var protocol) ? protocol.First() : "";
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(stop);
        start.Environment["CONTENT_TYPE"] = request.Content?.Headers.ContentType?.ToString() ?? "";
        start.Environment["HTTP_CONTENT_ENCODING"] = request.Content?.Headers.ContentEncoding.FirstOrDefault() ?? "";
        start.Environment["CONTENT_LENGTH"] = body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture);
        using var backend = Process.Start(start)!;
        using var said = new MemoryStream();
        var reading = backend.StandardOutput.BaseStream.CopyToAsync(said, stop);
        await backend.StandardInput.BaseStream.WriteAsync(body, stop);
        backend.StandardInput.Close();
        await reading;
        await backend.WaitForExitAsync(stop);

        var bytes = said.ToArray();
        var end = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        var head = Encoding.ASCII.GetString(bytes, 0, end).Split("\r\n");
        var status = head.FirstOrDefault(line => line.StartsWith("Status: ", StringComparison.Ordinal))?[8..11];
        var answer = new HttpResponseMessage(status is null ? HttpStatusCode.OK : (HttpStatusCode)int.Parse(status, System.Globalization.CultureInfo.InvariantCulture)) { Content = new ByteArrayContent(bytes[(end + 4)..]) };
        answer.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(head.First(line => line.StartsWith("Content-Type: ", StringComparison.Ordinal))[14..]);
        return answer;
    }
}
