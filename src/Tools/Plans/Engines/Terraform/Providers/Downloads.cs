using System.Net;
using System.Net.Http.Headers;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Engines.Terraform.Providers;

/// <summary>Gets what mirrors and registries offer: https alone, also after a redirect, never from a forbidden address, within a size and a time. Sends no credential unless its rules have one for the very host.</summary>
internal sealed class Downloads : IDisposable
{
    private const int MostRedirects = 5;
    private static readonly TimeSpan Small = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Large = TimeSpan.FromMinutes(10);

    private readonly HttpClient client;
    private readonly DownloadRules rules;

    /// <param name="handler">Makes the requests; null for the real one.</param>
    public Downloads(HttpMessageHandler? handler) =>
        (client, rules) = (new HttpClient(handler ?? OutwardHandler.Open(), disposeHandler: handler is null) { Timeout = Timeout.InfiniteTimeSpan }, new DownloadRules());

    private Downloads(HttpClient client, DownloadRules rules) => (this.client, this.rules) = (client, rules);

    /// <summary>The same connections under narrower rules; not to be disposed.</summary>
    public Downloads Under(DownloadRules narrower) => new(client, narrower);

    /// <summary>A small document; null when there is none.</summary>
    /// <exception cref="EngineException">It did not come.</exception>
    public async Task<byte[]?> ReadAsync(Uri url, int most, CancellationToken stop)
    {
        using var memory = new MemoryStream();
        return await CopyAsync(url, memory, most, Small, stop) ? memory.ToArray() : null;
    }

    /// <summary>A field of the answer's head; null when it is not there.</summary>
    /// <exception cref="EngineException">No answer came.</exception>
    public async Task<string?> HeaderAsync(Uri url, string name, CancellationToken stop)
    {
        string? value = null;
        await AskAsync(
            url,
            (response, _) =>
            {
                value = response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
                return Task.CompletedTask;
            },
            Small,
            stop);
        return value;
    }

    /// <summary>A package.</summary>
    /// <exception cref="EngineException">It did not come.</exception>
    public async Task SaveAsync(Uri url, Stream to, long most, CancellationToken stop)
    {
        if (!await CopyAsync(url, to, most, Large, stop))
        {
            throw Broken(url, "has no such file");
        }
    }

    /// <summary>Closes its connections.</summary>
    public void Dispose() => client.Dispose();

    private Task<bool> CopyAsync(Uri url, Stream to, long most, TimeSpan patience, CancellationToken stop) => AskAsync(
        url,
        async (response, until) =>
        {
            await using var body = await response.Content.ReadAsStreamAsync(until);
            await PourAsync(url, body, to, most, until);
        },
        patience,
        stop);

    private async Task<bool> AskAsync(Uri url, Func<HttpResponseMessage, CancellationToken, Task> take, TimeSpan patience, CancellationToken stop)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(patience);
        try
        {
            using var response = await FinalAsync(url, deadline.Token);
            if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone)
            {
                return false;
            }

            if (!response.IsSuccessStatusCode)
            {
                throw Broken(url, $"answered {(int)response.StatusCode}");
            }

            await take(response, deadline.Token);
            return true;
        }
        catch (OperationCanceledException exception) when (!stop.IsCancellationRequested)
        {
            throw Broken(url, $"did not answer within {patience.TotalSeconds:0} seconds", exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw Broken(url, exception.InnerException is ForbiddenAddressException ? "leads to a link-local, metadata or other forbidden address" : "cannot be reached", exception);
        }
    }

    private async Task PourAsync(Uri url, Stream from, Stream to, long most, CancellationToken stop)
    {
        var piece = new byte[1 << 16];
        for (int read; (read = await from.ReadAsync(piece, stop)) > 0;)
        {
            most -= read;
            if (most < 0)
            {
                throw Broken(url, "sends more than it may");
            }

            await to.WriteAsync(piece.AsMemory(0, read), stop);
        }
    }

    private async Task<HttpResponseMessage> FinalAsync(Uri url, CancellationToken stop)
    {
        var next = url;
        for (var left = MostRedirects; left >= 0; left--)
        {
            if (next is not { Scheme: "https", UserInfo: "" } || (IPAddress.TryParse(next.Host.Trim('[', ']'), out var literal) && ForbiddenAddress.Contains(literal)))
            {
                throw Broken(url, "leads away from https or to a forbidden address");
            }

            if (!rules.May(next))
            {
                throw Broken(url, "leads to a host that is not on the list of those that may be asked");
            }

            using var request = new HttpRequestMessage(HttpMethod.Get, next) { Headers = { Authorization = await rules.Login(next, stop) } };
            var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location)
            {
                return response;
            }

            response.Dispose();
            next = new Uri(next, location);
        }

        throw Broken(url, "redirects too often");
    }

    // The host is the operator's, the lock file's or an allow-listed provider's; the rest of an address may be anyone's.
    private EngineException Broken(Uri url, string what, Exception? inner = null) => new($"{url.Host} {what}. {rules.Remedy}", inner);
}

/// <summary>What downloads may ask, and as whom.</summary>
internal sealed record DownloadRules
{
    /// <summary>Whether an address may be asked: the first one and each that it redirects to.</summary>
    public Func<Uri, bool> May { get; init; } = _ => true;

    /// <summary>The login for an address; null for none.</summary>
    public Func<Uri, CancellationToken, ValueTask<AuthenticationHeaderValue?>> Login { get; init; } = (_, _) => default;

    /// <summary>What mends a download that fails.</summary>
    public string Remedy { get; init; } = "Providers come from there as engines.terraform.cli_config says; see that it is reachable, or name a mirror that is.";
}
